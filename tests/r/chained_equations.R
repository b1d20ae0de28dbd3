# Reference for tests/analyses/test_chained_equations.py: a draw of coefficients on exported random numbers, the hazard
# lived through, and a pooled answer after 200 imputations, by mice. Writes the rows with
# gaps too. From the project's root:
#   Rscript tests/r/chained_equations.R
suppressPackageStartupMessages(library(mice))
suppressPackageStartupMessages(library(survival))
source("tests/r/ladder.R")

# The random numbers that mice takes, in its order: chi-squared, then one normal per coefficient.
people <- read.csv("tests/r/data/motivation_small.csv", na.strings = "")
complete <- na.omit(people)
x <- cbind(1, as.matrix(complete[, c("interest_math", "utility_math", "age", "left")]))
df <- nrow(x) - ncol(x)
set.seed(7)
chi_squared <- rchisq(1, df)
normal <- rnorm(ncol(x))
set.seed(7)
drawn <- mice:::.norm.draw(complete$points, rep(TRUE, nrow(x)), x)
draw <- rbind(
  data.frame(quantity = "chi_squared", name = "", value = chi_squared),
  data.frame(quantity = "normal", name = as.character(1:5), value = normal),
  data.frame(quantity = "best", name = as.character(1:5), value = drop(drawn$coef)),
  data.frame(quantity = "drawn", name = as.character(1:5), value = drop(drawn$beta))
)

# Nelson and Aalen's as such: mice's own counts tied events one after another. Ties between events, between ends without one, and between both.
ends <- data.frame(time = c(3, 1, 4, 4, 2, 6, 4, 1, 6, 5, 2, 4), event = c(1, 0, 1, 1, 1, 0, 0, 1, 1, 1, 0, 1))
curve <- survfit(Surv(time, event) ~ 1, ends, ctype = 1)
lived_through <- curve$cumhaz[match(ends$time, curve$time)]
hazard <- data.frame(
  quantity = rep(c("time", "event", "hazard"), each = 12), name = rep(sprintf("%02d", 1:12), 3),
  value = c(ends$time, ends$event, lived_through)
)

# Gaps that go with what is observed: utility is not known for many who left or are older, left for some.
rows <- people[, c("left", "interest_math", "utility_math", "age", "points")]
rows <- rows[!is.na(rows$interest_math) & !is.na(rows$points), ]
at <- seq_len(nrow(rows))
rows$utility_math[at %% 3 == 0 & rows$points > 33] <- NA
rows$left[at %% 7 == 0] <- NA
write.csv(rows, "tests/r/data/imputation_gaps.csv", row.names = FALSE, na = "", quote = FALSE)
rows$left <- factor(rows$left)
filled <- mice(rows, m = 200, maxit = 10, printFlag = FALSE, seed = 1,
               method = c(left = "logreg", interest_math = "", utility_math = "pmm", age = "pmm", points = ""))
pooled <- summary(pool(with(filled, lm(points ~ I(left == "1") + interest_math + utility_math + age))))
answer <- data.frame(
  quantity = rep(c("estimate", "std_error"), each = 5), name = as.character(rep(1:5, 2)),
  value = c(pooled$estimate, pooled$std.error)
)
all_rows <- rbind(cbind(step = "draw", draw), cbind(step = "hazard", hazard), cbind(step = "pooled", answer))
write_reference(all_rows, "tests/r/chained_equations.csv",
                paste("mice", packageVersion("mice"), "survival", packageVersion("survival")))
