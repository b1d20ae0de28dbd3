# Reference for tests/analyses/test_specification_curve.py: four sets of choices, and the null imposed by hand in base R
# on permutations that are written out. From the project's root: Rscript tests/r/specification_curve.R
source("tests/r/ladder.R")

people <- na.omit(read.csv("tests/r/data/motivation_small.csv", na.strings = ""))
scales <- c("interest_math", "interest_science", "utility_math", "utility_science")
for (s in scales) people[[s]] <- as.numeric(scale(people[[s]]))
people$grade <- factor(people$grade, levels = c("A", "B", "C", "Below"))
n <- nrow(people)

set.seed(7)
deals <- rbind(seq_len(n), t(replicate(30, sample(n))))
write.csv(deals, "tests/r/data/specification_deals.csv", row.names = FALSE)

# The contrast as one column: with s = (a + b) / 2 and d = (a - b) / 2 a model in a and b has (b_a - b_b) = coefficient of d.
choices <- list(
  list("math", c("interest_math", "utility_math"), NULL),
  list("math_adjusted", c("interest_math", "utility_math"), c("grade", "age", "points")),
  list("science", c("interest_science", "utility_science"), NULL),
  list("science_adjusted", c("interest_science", "utility_science"), c("grade", "age", "points"))
)
one <- function(choice) {
  a <- people[[choice[[2]][1]]]
  b <- people[[choice[[2]][2]]]
  compared <- (a - b) / 2
  others <- if (is.null(choice[[3]])) NULL else model.matrix(reformulate(choice[[3]]), people)[, -1]
  held <- cbind((a + b) / 2, others)
  rest <- residuals(lm(compared ~ held))
  explained <- compared - rest
  fits <- apply(deals, 1, function(deal) {
    exposure <- explained + rest[deal]
    fit <- glm(people$left ~ exposure + held, family = binomial(), control = glm.control(epsilon = 1e-14, maxit = 100))
    c(coef(fit)[["exposure"]], sqrt(vcov(fit)["exposure", "exposure"]))
  })
  data.frame(
    step = choice[[1]], quantity = rep(c("value", "std_error"), each = nrow(deals)), name = seq_len(nrow(deals)),
    value = c(fits[1, ], fits[2, ])
  )
}
write_reference(do.call(rbind, lapply(choices, one)), "tests/r/specification_curve.csv")
