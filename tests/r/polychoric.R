# Reference for tests/measures/test_polychoric.py and test_reliability.py: polychoric correlations by lavaan, polycor and
# psych, ordinal alpha by psych, percentile interval of alpha on given draws. From the project's root:
#   Rscript tests/r/polychoric.R
suppressPackageStartupMessages({
  library(lavaan)
  library(psych)
  library(polycor)
})
source("tests/r/ladder.R")

items <- na.omit(read.csv("tests/r/data/ordinal_items.csv", na.strings = ""))
pairs <- combn(names(items), 2)
label <- paste(pairs[1, ], pairs[2, ], sep = "~")
rows_of <- function(step, quantity, name, value) data.frame(step = step, quantity = quantity, name = name, value = value)
of_pairs <- function(step, correlations) {
  rows_of(step, "correlation", label, apply(pairs, 2, function(p) correlations[p[1], p[2]]))
}

by_lavaan <- lavCor(items, ordered = names(items), estimator = "two.step", output = "fit",
                    control = list(rel.tol = 1e-14, x.tol = 1e-14))
correlations <- unclass(lavInspect(by_lavaan, "cor.ov"))
thresholds <- lavInspect(by_lavaan, "th")
by_psych <- suppressWarnings(polychoric(items, correct = 0, global = FALSE))$rho
by_polycor <- diag(5)
dimnames(by_polycor) <- list(names(items), names(items))
for (j in seq_len(ncol(pairs))) {
  by_polycor[pairs[1, j], pairs[2, j]] <- polychor(items[[pairs[1, j]]], items[[pairs[2, j]]])
}

draws <- as.matrix(read.csv("tests/r/data/alpha_draws.csv", header = FALSE)) + 1
complete <- na.omit(read.csv("tests/r/data/alpha_items.csv"))
alpha_of <- function(data, rows) {
  covariance <- cov(data[rows, ])
  k <- ncol(data)
  k / (k - 1) * (1 - sum(diag(covariance)) / sum(covariance))
}
drawn <- apply(draws, 1, function(rows) alpha_of(complete, rows))
interval <- quantile(drawn, c(.025, .975), names = FALSE)

rows <- rbind(
  of_pairs("lavaan", correlations),
  rows_of("lavaan", "threshold", names(thresholds), as.numeric(thresholds)),
  of_pairs("polycor", by_polycor),
  of_pairs("psych", by_psych),
  rows_of("psych", "ordinal_alpha", "", suppressWarnings(psych::alpha(correlations, n.obs = nrow(items)))$total$raw_alpha),
  rows_of("psych", "alpha", c("value", "n"),
          c(suppressWarnings(psych::alpha(items, check.keys = FALSE))$total$raw_alpha, nrow(items))),
  rows_of("draws", "alpha", c("low", "high"), interval)
)
write_reference(rows, "tests/r/polychoric.csv", sapply(c("lavaan", "psych", "polycor"), function(p) {
  paste(p, packageVersion(p))
}))
