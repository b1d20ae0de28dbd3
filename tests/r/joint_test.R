# Reference for tests/analyses/test_joint_test.py: the joint test for few clusters by clubSandwich. From the project's
# root:  Rscript tests/r/joint_test.R
suppressPackageStartupMessages(library(clubSandwich))
source("tests/r/ladder.R")

people <- na.omit(read.csv("tests/r/data/motivation_small.csv", na.strings = ""))
scales <- c("interest_math", "interest_science", "utility_math", "utility_science")
for (s in scales) people[[s]] <- as.numeric(scale(people[[s]]))
people$grade <- factor(people$grade, levels = c("A", "B", "C", "Below"))

step <- function(name, covariates, tested) {
  fit <- lm(reformulate(c(scales, covariates), "left"), people)
  constraints <- constrain_zero(tested, coef(fit))
  found <- Wald_test(fit, constraints, vcov = "CR2", cluster = people$office, test = "HTZ")
  quantities <- c("Fstat", "df_num", "df_denom", "p_val")
  data.frame(step = name, quantity = quantities, name = "", value = unlist(found[quantities]))
}
rows <- rbind(
  step("one", NULL, 2), step("scales", NULL, 2:5), step("adjusted", c("grade", "age", "points"), 2:5),
  step("grades", c("grade", "age", "points"), 6:8)
)
write_reference(rows, "tests/r/joint_test.csv", paste("clubSandwich", packageVersion("clubSandwich")))
