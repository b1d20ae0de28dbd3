# Reference for tests/analyses/test_mixed_model.py: mixed models over waves by lme4, Satterthwaite's degrees of freedom by
# lmerTest. Writes the waves too. From the project's root:  Rscript tests/r/mixed_model.R
suppressPackageStartupMessages(library(lmerTest))
source("tests/r/ladder.R")

# People with one to four waves; the outcome of `alike` differs between people no more than chance makes it, which
# ends at a variance of zero.
set.seed(11)
n <- 48
person <- rep(seq_len(n), each = 4)
wave <- rep(0:3, n)
programme <- rep(as.numeric(seq_len(n) %% 3 == 0), each = 4)
level <- rnorm(n, sd = 0.9)[person]
slope <- rnorm(n, sd = 0.35)[person]
waves <- data.frame(
  person = person, wave = wave, programme = programme, age = rep(round(rnorm(n, 18, 2), 1), each = 4),
  score = round(5 + level + (0.2 + slope) * wave + 0.25 * programme * wave + rnorm(4 * n, sd = 0.6), 2)
)
noise <- matrix(rnorm(4 * n), 4)
waves$alike <- round(c(noise - 0.9 * rep(colMeans(noise), each = 4)) + 0.2 * wave, 3)
waves <- waves[runif(4 * n) > 0.1 + 0.08 * waves$wave, ]
write.csv(waves, "tests/r/data/waves.csv", row.names = FALSE, quote = FALSE)

step <- function(name, formula) {
  precise <- lmerControl(optimizer = "bobyqa", optCtrl = list(rhoend = 1e-12, maxfun = 1e5), calc.derivs = FALSE)
  fit <- suppressMessages(lmer(formula, waves, control = precise))
  table <- summary(fit)$coefficients
  reach <- qt(0.975, table[, "df"]) * table[, "Std. Error"]
  one <- function(quantity, value) data.frame(quantity = quantity, name = paste0("n", seq_along(value)), value = value)
  both <- contest1D(fit, c(0, 1, 0, 1, rep(0, nrow(table) - 4)))
  rows <- rbind(
    one("value", table[, "Estimate"]), one("std_error", table[, "Std. Error"]), one("df", table[, "df"]),
    one("low", table[, "Estimate"] - reach), one("high", table[, "Estimate"] + reach),
    one("p_value", table[, "Pr(>|t|)"]), one("contrast", unlist(both[1, c("Estimate", "Std. Error", "df", "Pr(>|t|)")])),
    one("random", c(VarCorr(fit)$person)), one("sigma", sigma(fit)), one("deviance", -2 * as.numeric(logLik(fit))),
    one("is_singular", as.numeric(isSingular(fit)))
  )
  cbind(step = name, rows)
}
rows <- rbind(
  step("intercept", score ~ wave + programme + wave:programme + age + (1 | person)),
  step("slope", score ~ wave + programme + wave:programme + age + (1 + wave | person)),
  step("singular", alike ~ wave + programme + wave:programme + age + (1 | person)),
  step("singular_slope", alike ~ wave + programme + wave:programme + age + (1 + wave | person))
)
rownames(rows) <- NULL
write_reference(rows, "tests/r/mixed_model.csv",
                paste("lme4", packageVersion("lme4"), "lmerTest", packageVersion("lmerTest")))
