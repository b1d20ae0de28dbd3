# Reference for tests/analyses/test_refit.py: boot() of glm.fit, whose draws are written out too.
# From the project's root: Rscript tests/r/refit.R
suppressPackageStartupMessages(library(boot))
source("tests/r/ladder.R")

people <- na.omit(read.csv("tests/r/data/motivation_small.csv", na.strings = ""))
scales <- c("interest_math", "interest_science", "utility_math", "utility_science")
for (s in scales) people[[s]] <- as.numeric(scale(people[[s]]))
people$grade <- factor(people$grade, levels = c("A", "B", "C", "Below"))
x <- model.matrix(reformulate(c(scales, "grade", "age", "points")), people)
y <- people$left

set.seed(20240801)
fit <- function(rows, at) {
  glm.fit(x[at, ], y[at], family = binomial(), control = glm.control(epsilon = 1e-14, maxit = 100))$coefficients
}
found <- boot(seq_along(y), fit, R = 40)
draws <- boot.array(found, indices = TRUE)
write.csv(draws, "tests/r/data/refit_draws.csv", row.names = FALSE)
rows <- data.frame(
  step = "adjusted", quantity = rep(colnames(x), each = nrow(found$t)), name = seq_len(nrow(found$t)),
  value = as.vector(found$t)
)
write_reference(rows, "tests/r/refit.csv", paste("boot", packageVersion("boot")))
