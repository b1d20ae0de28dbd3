# Reference for tests/analyses/test_mixture.py: mixtures with class-equal diagonal variances (EEI) by mclust. From the
# project's root: Rscript tests/r/mixture.R
suppressPackageStartupMessages(library(mclust))
source("tests/r/ladder.R")

pupils <- read.csv("tests/r/data/holzinger.csv")
x <- as.matrix(pupils[, c("x1", "x4", "x7", "x9")])
n <- nrow(x)
one <- function(step, quantity, name, value) data.frame(step = step, quantity = quantity, name = name, value = as.numeric(value))

# From a start that anyone can make: thirds of the first test.
start <- unmap(as.integer(cut(rank(x[, 1], ties.method = "first"), c(0, 100, 200, n))))
fit <- me(x, modelName = "EEI", z = start, control = emControl(tol = c(1e-14, 1e-14), itmax = c(1e6, 1e6)))
rows <- rbind(
  one("me", "loglik", "", fit$loglik),
  one("me", "share", 1:3, fit$parameters$pro),
  one("me", "mean", paste(rep(1:3, each = 4), 1:4, sep = "."), fit$parameters$mean),
  one("me", "variance", 1:4, diag(fit$parameters$variance$Sigma)),
  one("me", "membership", "first", fit$z[1, 1])
)
for (k in 1:4) {
  whole <- Mclust(x, G = k, modelNames = "EEI", verbose = FALSE)
  rows <- rbind(rows, one("Mclust", "loglik", k, whole$loglik), one("Mclust", "bic", k, -whole$bic))
}
write_reference(rows, "tests/r/mixture.csv", paste("mclust", packageVersion("mclust")))
