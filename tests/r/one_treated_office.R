# Reference for tests/analyses/test_one_treated_office.py: one office against others. The difference by t.test and by
# clubSandwich with one cluster per person; the what-if by matrices of all people; the permutation written out.
# From the project's root:  Rscript tests/r/one_treated_office.R
suppressPackageStartupMessages(library(clubSandwich))
source("tests/r/ladder.R")

people <- na.omit(read.csv("tests/r/data/motivation_small.csv", na.strings = ""))
treated_office <- "o07"
people$treated <- as.numeric(people$office == treated_office)

difference <- function(name, covariates) {
  fit <- lm(reformulate(c("treated", covariates), "left"), people)
  found <- linear_contrast(fit, vcov = "CR2", cluster = seq_len(nrow(people)), contrasts = constrain_zero("treated", coef(fit)),
                           test = "Satterthwaite", p_values = TRUE)
  quantities <- c(value = "Est", std_error = "SE", df = "df", low = "CI_L", high = "CI_U", p_value = "p_val")
  data.frame(step = name, quantity = names(quantities), name = "difference", value = unlist(found[quantities]))
}

welch <- function() {
  found <- t.test(people$left[people$treated == 1], people$left[people$treated == 0])
  data.frame(
    step = "unadjusted", quantity = c("value", "std_error", "df", "low", "high", "p_value"), name = "welch",
    value = c(-diff(found$estimate), found$stderr, found$parameter, found$conf.int, found$p.value)
  )
}

what_if <- function(name, covariates, rho) {
  fit <- lm(reformulate(c("treated", covariates), "left"), people)
  x <- model.matrix(fit)
  same <- outer(people$office, people$office, "==")
  alike <- (1 - rho) * diag(nrow(x)) + rho * same
  m <- solve(crossprod(x))
  residual_maker <- diag(nrow(x)) - x %*% m %*% t(x)
  variance <- sum(residuals(fit)^2) / sum(diag(residual_maker %*% alike %*% residual_maker))
  se <- sqrt(variance * (m %*% t(x) %*% alike %*% x %*% m)["treated", "treated"])
  value <- coef(fit)[["treated"]]
  reach <- qt(0.975, df.residual(fit)) * se
  data.frame(
    step = name, quantity = c("value", "std_error", "low", "high", "p_value"), name = as.character(rho),
    value = c(value, se, value - reach, value + reach, 2 * pt(-abs(value / se), df.residual(fit)))
  )
}

placebo <- function(name, covariates) {
  fit <- lm(reformulate(c("0 + office", covariates), "left"), people)
  offices <- sort(unique(people$office))
  n <- as.numeric(table(people$office)[offices])
  adjusted <- people$left
  for (one in covariates) adjusted <- adjusted - coef(fit)[[one]] * people[[one]]
  mean_of <- sapply(offices, function(o) mean(adjusted[people$office == o]))
  within <- sum(residuals(fit)^2) / df.residual(fit)
  table_of <- anova(lm(adjusted ~ people$office))
  n0 <- (sum(n) - sum(n^2) / sum(n)) / (length(n) - 1)
  between <- max((table_of[1, "Mean Sq"] - within) / n0, 0)
  distance <- sapply(seq_along(offices), function(g) {
    v <- between + within / n
    others <- weighted.mean(mean_of[-g], 1 / v[-g])
    abs(mean_of[g] - others) / sqrt(v[g] + 1 / sum(1 / v[-g]))
  })
  data.frame(
    step = name, quantity = c("p_value", rep("distance", length(offices))), name = c("", offices),
    value = c(mean(distance >= distance[offices == treated_office]), distance)
  )
}

both <- function(name, covariates) {
  rbind(
    difference(name, covariates), placebo(name, covariates),
    do.call(rbind, lapply(c(0, 0.01, 0.05, 0.1), function(rho) what_if(name, covariates, rho)))
  )
}
rows <- rbind(welch(), both("unadjusted", NULL), both("adjusted", c("age", "points")))
write_reference(rows, "tests/r/one_treated_office.csv", paste("clubSandwich", packageVersion("clubSandwich")))
