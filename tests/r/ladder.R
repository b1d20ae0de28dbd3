# The motivation ladder in base R, written from its definition and not from the package.

# Logistic regression, contrast of coefficients, and differences in average risk when scales are one standard
# deviation higher. `first` and `second` name the scales of both sides, already standardised in `people`.
logit_step <- function(people, outcome, first, second, covariates) {
  terms <- c(first, second, covariates)
  fit <- glm(reformulate(terms, outcome), binomial, people, control = glm.control(epsilon = 1e-14, maxit = 100))
  b <- coef(fit)
  v <- vcov(fit)
  w <- setNames(numeric(length(b)), names(b))
  w[first] <- 1 / length(first)
  w[second] <- -1 / length(second)
  rows <- rbind(
    data.frame(quantity = "coef", name = names(b), value = unname(b)),
    data.frame(quantity = "std_error", name = names(b), value = unname(sqrt(diag(v)))),
    data.frame(quantity = "loglik", name = "", value = as.numeric(logLik(fit))),
    wald("log_odds", "contrast", sum(w * b), sqrt(drop(t(w) %*% v %*% w)))
  )
  up <- function(scales) averaged(lapply(scales, function(s) raised(fit, people, s)))
  as_is <- raised(fit, people, NULL)
  rbind(
    rows,
    risk_difference("contrast", up(first), up(second), v),
    risk_difference("first", up(first), as_is, v),
    risk_difference("second", up(second), as_is, v)
  )
}

# Average predicted risk, and its derivative in the coefficients, with one scale one higher for everybody.
raised <- function(fit, people, scale) {
  if (!is.null(scale)) people[[scale]] <- people[[scale]] + 1
  p <- predict(fit, people, type = "response")
  x <- model.matrix(delete.response(terms(fit)), people, xlev = fit$xlevels)
  list(risk = mean(p), slope = colMeans(p * (1 - p) * x))
}

averaged <- function(several) {
  list(risk = mean(sapply(several, `[[`, "risk")), slope = rowMeans(sapply(several, `[[`, "slope")))
}

risk_difference <- function(name, one, other, v) {
  d <- one$slope - other$slope
  wald("risk_difference", name, one$risk - other$risk, sqrt(drop(t(d) %*% v %*% d)))
}

wald <- function(quantity, name, value, std_error) {
  reach <- qnorm(0.975) * std_error
  data.frame(
    quantity = paste(quantity, c("value", "std_error", "low", "high", "p_value"), sep = "_"), name = name,
    value = c(value, std_error, value - reach, value + reach, 2 * pnorm(-abs(value / std_error)))
  )
}

# The first line records R and the packages the rows rest on.
write_reference <- function(rows, path, packages = NULL) {
  rows$value <- sprintf("%.17g", rows$value)
  out <- file(path, "w")
  writeLines(paste(c("#", R.version.string, packages), collapse = " "), out)
  write.csv(rows, out, row.names = FALSE, quote = FALSE)
  close(out)
}
