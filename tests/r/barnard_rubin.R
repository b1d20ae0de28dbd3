# Reference for tests/analyses/test_barnard_rubin.py: pooling of fixed numbers by mice. From the project's root:
#   Rscript tests/r/barnard_rubin.R
suppressPackageStartupMessages(library(mice))
source("tests/r/ladder.R")

# Values and standard errors by data set, and the complete data's degrees of freedom.
cases <- list(
  small_sample = list(c(0.412, 0.655, 0.298, 0.530, 0.701), c(0.281, 0.302, 0.266, 0.290, 0.311), 24),
  few_clusters = list(c(-0.081, -0.112, -0.067, -0.140, -0.095, -0.158, -0.101), rep(0.0412, 7), 4.7),
  two_far_apart = list(c(1.9, -0.4), c(0.35, 0.41), 57),
  no_end = list(c(0.0210, 0.0244, 0.0198, 0.0231), c(0.0107, 0.0111, 0.0102, 0.0109), Inf)
)
one <- function(name) {
  q <- cases[[name]][[1]]
  se <- cases[[name]][[2]]
  found <- pool.scalar(q, se^2, n = cases[[name]][[3]] + 1, k = 1)
  reach <- qt(0.975, found$df) * sqrt(found$t)
  quantities <- c(
    value = found$qbar, std_error = sqrt(found$t), df = found$df, within = found$ubar, between = found$b,
    share_between = (1 + 1 / found$m) * found$b / found$t, missing_information = found$fmi,
    low = found$qbar - reach, high = found$qbar + reach, p_value = 2 * pt(-abs(found$qbar) / sqrt(found$t), found$df)
  )
  i <- seq_along(q)
  rbind(
    data.frame(step = name, quantity = "given_value", name = as.character(i), value = q),
    data.frame(step = name, quantity = "given_std_error", name = as.character(i), value = se),
    data.frame(step = name, quantity = "given_df", name = "", value = cases[[name]][[3]]),
    data.frame(step = name, quantity = names(quantities), name = "", value = unname(quantities))
  )
}
rows <- do.call(rbind, lapply(names(cases), one))
write_reference(rows, "tests/r/barnard_rubin.csv", paste("mice", packageVersion("mice")))
