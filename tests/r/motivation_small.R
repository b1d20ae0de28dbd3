# Reference for tests/analyses: run from the project's root with  Rscript tests/r/motivation_small.R
source("tests/r/ladder.R")

people <- na.omit(read.csv("tests/r/data/motivation_small.csv", na.strings = ""))
first <- c("interest_math", "interest_science")
second <- c("utility_math", "utility_science")
for (s in c(first, second)) people[[s]] <- as.numeric(scale(people[[s]]))
people$grade <- factor(people$grade, levels = c("A", "B", "C", "Below"))

step <- function(name, covariates) cbind(step = name, logit_step(people, "left", first, second, covariates))
rows <- rbind(step("unadjusted", NULL), step("adjusted", c("grade", "age", "points")))
write_reference(rows, "tests/r/motivation_small.csv")
