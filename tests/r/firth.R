# Reference for tests/analyses/test_firth.py. From the project's root:  Rscript tests/r/firth.R
# Coefficients by brglm2, whose AS_mean is Firth's penalty for the logit; profile of the penalised likelihood and FLIC
# by hand. Among the first 45 complete people nobody with grade A left (separation); among the first 80 some did.
suppressPackageStartupMessages(library(brglm2))
source("tests/r/ladder.R")

people <- na.omit(read.csv("tests/r/data/motivation_small.csv", na.strings = ""))
people$grade <- factor(people$grade, levels = c("A", "B", "C", "Below"))

penalised <- function(b, x, y) {
  lp <- drop(x %*% b)
  w <- plogis(lp) * plogis(-lp)
  sum(plogis(ifelse(y == 1, lp, -lp), log.p = TRUE)) +
    determinant(crossprod(x * sqrt(w)))$modulus[[1]] / 2
}

slope <- function(b, x, y) {
  lp <- drop(x %*% b)
  p <- plogis(lp)
  z <- x * sqrt(p * (1 - p))
  h <- rowSums((z %*% solve(crossprod(z))) * z)
  drop(crossprod(x, y - p + h * (1 / 2 - p)))
}

# Penalised likelihood with the weighted sum at `value`: the coefficient `k` follows from the others.
held <- function(value, weights, k, x, y, start) {
  all_of <- function(others) append(others, (value - sum(weights[-k] * others)) / weights[k], k - 1)
  up <- function(others) -penalised(all_of(others), x, y)
  to <- function(others) {
    s <- slope(all_of(others), x, y)
    -(s[-k] - weights[-k] * s[k] / weights[k])
  }
  others <- start[-k]
  for (again in 1:5) {
    others <- optim(others, up, to, method = "BFGS", control = list(reltol = 1e-16, maxit = 2000))$par
  }
  -up(others)
}

profile <- function(name, weights, b, v, x, y) {
  k <- which.max(abs(weights))
  value <- sum(weights * b)
  se <- sqrt(drop(weights %*% v %*% weights))
  fall <- function(at) {
    start <- b + drop(v %*% weights) * (at - value) / se^2
    2 * (penalised(b, x, y) - held(at, weights, k, x, y, start))
  }
  root <- function(end) uniroot(function(at) fall(at) - qchisq(0.95, 1), sort(c(value, end)), tol = 1e-11)$root
  data.frame(
    quantity = c("value", "std_error", "low", "high", "p_value"), name = name,
    value = c(value, se, root(value - 6 * se), root(value + 6 * se), pchisq(fall(0), 1, lower.tail = FALSE))
  )
}

step <- function(name, rows) {
  d <- people[seq_len(rows), ]
  # Standard deviations from the mean, so that optim meets columns of one size.
  for (s in c("age", "points")) d[[s]] <- as.numeric(scale(d[[s]]))
  fit <- glm(left ~ grade + age + points, binomial, d, method = "brglmFit", type = "AS_mean", epsilon = 1e-12, maxit = 2000)
  b <- coef(fit)
  x <- model.matrix(fit)
  y <- d$left
  w <- plogis(drop(x %*% b)) * plogis(-drop(x %*% b))
  v <- solve(crossprod(x * sqrt(w)))
  b_less_c <- setNames(c(0, 1, -1, 0, 0, 0), names(b))
  each <- lapply(seq_along(b), function(i) profile(names(b)[i], as.numeric(seq_along(b) == i), b, v, x, y))
  rest <- drop(x[, -1] %*% b[-1])
  flic <- glm(y ~ offset(rest), family = binomial, control = glm.control(epsilon = 1e-14, maxit = 100))
  risk <- fitted(flic)
  v_flic <- solve(crossprod(x * sqrt(risk * (1 - risk))))
  cbind(step = name, rbind(
    data.frame(quantity = "coef", name = names(b), value = unname(b)),
    data.frame(quantity = "brglm2_std_error", name = names(b), value = unname(sqrt(diag(vcov(fit))))),
    data.frame(quantity = "penalised_loglik", name = "", value = penalised(b, x, y)),
    do.call(rbind, each), profile("B less C", b_less_c, b, v, x, y),
    data.frame(quantity = "flic_intercept", name = "", value = unname(coef(flic))),
    data.frame(quantity = "flic_loglik", name = "", value = as.numeric(logLik(flic))),
    data.frame(quantity = "flic_std_error", name = names(b), value = unname(sqrt(diag(v_flic)))),
    data.frame(quantity = "flic_risk", name = as.character(d$person), value = unname(risk))
  ))
}
rows <- rbind(step("separated", 45), step("overlapping", 80))
write_reference(rows, "tests/r/firth.csv", paste("brglm2", packageVersion("brglm2")))
