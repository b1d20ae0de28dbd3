# Writes tests/r/alpha.csv: Cronbach's alpha and Feldt's interval over complete rows, in base R, by the formulas of
# psych::alpha (raw_alpha) and psych::alpha.ci.  Run:  Rscript tests/r/alpha.R
items <- na.omit(read.csv("tests/r/data/alpha_items.csv"))
n <- nrow(items)
k <- ncol(items)
covariance <- cov(items)
alpha <- (k / (k - 1)) * (1 - sum(diag(covariance)) / sum(covariance))
df1 <- n - 1
df2 <- (n - 1) * (k - 1)
out <- data.frame(
  quantity = c("value", "low95", "high95", "low90", "high90", "n"),
  value = c(alpha,
            1 - (1 - alpha) * qf(.975, df1, df2), 1 - (1 - alpha) * qf(.025, df1, df2),
            1 - (1 - alpha) * qf(.95, df1, df2), 1 - (1 - alpha) * qf(.05, df1, df2), n))
con <- file("tests/r/alpha.csv", "w")
writeLines(sprintf("# %s", R.version.string), con)
out$value <- sprintf("%.15g", out$value)
write.csv(out, con, row.names = FALSE, quote = FALSE)
close(con)
