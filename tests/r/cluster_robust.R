# Reference for tests/analyses/test_cluster_robust.py: CR2 and Satterthwaite by clubSandwich. From the project's root:
#   Rscript tests/r/cluster_robust.R
suppressPackageStartupMessages(library(clubSandwich))
source("tests/r/ladder.R")

people <- na.omit(read.csv("tests/r/data/motivation_small.csv", na.strings = ""))
first <- c("interest_math", "interest_science")
second <- c("utility_math", "utility_science")
for (s in c(first, second)) people[[s]] <- as.numeric(scale(people[[s]]))
people$grade <- factor(people$grade, levels = c("A", "B", "C", "Below"))

step <- function(name, covariates) {
  fit <- lm(reformulate(c(first, second, covariates), "left"), people)
  names_b <- names(coef(fit))
  w1 <- ifelse(names_b %in% first, 1 / length(first), 0)
  w2 <- ifelse(names_b %in% second, 1 / length(second), 0)
  contrasts <- rbind(contrast = w1 - w2, first = w1, second = w2)
  found <- linear_contrast(
    fit, vcov = "CR2", cluster = people$office, contrasts = contrasts, test = "Satterthwaite", p_values = TRUE
  )
  one <- function(quantity, column) {
    data.frame(step = name, quantity = quantity, name = rownames(contrasts), value = found[[column]])
  }
  rbind(
    one("value", "Est"), one("std_error", "SE"), one("df", "df"), one("low", "CI_L"), one("high", "CI_U"),
    one("p_value", "p_val")
  )
}
rows <- rbind(step("unadjusted", NULL), step("adjusted", c("grade", "age", "points")))
write_reference(rows, "tests/r/cluster_robust.csv", paste("clubSandwich", packageVersion("clubSandwich")))
