# Reference for tests/analyses/test_wild_bootstrap.py: the restricted wild cluster bootstrap, every draw fitted by lm.fit.
# Writes the draws too. From the project's root:  Rscript tests/r/wild_bootstrap.R
source("tests/r/ladder.R")

people <- na.omit(read.csv("tests/r/data/motivation_small.csv", na.strings = ""))
scales <- c("interest_math", "interest_science", "utility_math", "utility_science")
offices <- sort(unique(people$office))
people <- people[people$office %in% offices[1:8], ]
for (s in scales) people[[s]] <- as.numeric(scale(people[[s]]))
people$grade <- factor(people$grade, levels = c("A", "B", "C", "Below"))
member <- match(people$office, offices)

set.seed(4)
webb <- sqrt(c(0.5, 1, 1.5)) %x% c(1, -1)
draws <- matrix(sample(webb, 199 * 8, replace = TRUE), 199)
write.table(sprintf("%.17g", draws) |> matrix(199), "tests/r/data/webb_draws.csv", sep = ",",
            row.names = FALSE, col.names = FALSE, quote = FALSE)
signs <- as.matrix(expand.grid(rep(list(c(-1, 1)), 8)))

t_of <- function(x, y, w, held) {
  fit <- lm.fit(x, y)
  scores <- rowsum(fit$residuals * drop(x %*% solve(crossprod(x), w)), member)
  c(value = sum(w * fit$coefficients) - held, se = sqrt(sum(scores^2)))
}

# The model with the sum held, by an offset: w'b = held, b_k follows from the others.
under <- function(x, y, w, held) {
  k <- which.max(abs(w))
  shift <- x[, k] * held / w[k]
  free <- x[, -k] - outer(x[, k], w[-k] / w[k])
  fitted <- shift + lm.fit(free, y - shift)$fitted.values
  list(fitted = fitted, rest = y - fitted)
}

as_far <- function(x, y, w, held, v) {
  null <- under(x, y, w, held)
  seen <- t_of(x, y, w, held)
  apply(v, 1, function(each) {
    drawn <- t_of(x, null$fitted + each[member] * null$rest, w, held)
    abs(drawn[["value"]] / drawn[["se"]]) >= abs(seen[["value"]] / seen[["se"]]) * (1 - 1e-9)
  })
}

step <- function(name, covariates) {
  x <- model.matrix(reformulate(c(scales, covariates)), people)
  y <- people$left
  w <- numeric(ncol(x))
  w[2:5] <- c(1, 1, -1, -1) / 2
  p <- function(held) (1 + sum(as_far(x, y, w, held, draws))) / 200
  seen <- t_of(x, y, w, 0)
  limit <- function(side) {
    inside <- seen[["value"]]
    outside <- inside + side * seen[["se"]]
    while (p(outside) > 0.05) {
      inside <- outside
      outside <- seen[["value"]] + 2 * (outside - seen[["value"]])
    }
    for (i in 1:28) {
      middle <- (inside + outside) / 2
      if (p(middle) <= 0.05) outside <- middle else inside <- middle
    }
    outside
  }
  data.frame(
    step = name, quantity = c("value", "std_error", "p_value", "p_enumerated", "low", "high"), name = "",
    value = c(seen, p(0), mean(as_far(x, y, w, 0, signs)), limit(-1), limit(1))
  )
}
rows <- rbind(step("unadjusted", NULL), step("adjusted", c("grade", "age", "points")))
write_reference(rows, "tests/r/wild_bootstrap.csv")
