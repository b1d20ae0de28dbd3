# Reference for tests/analyses/test_primary_questions.py: Holm's p-values, and the smallest difference that could have
# been shown with a standard error of one. From the project's root:  Rscript tests/r/primary_questions.R
source("tests/r/ladder.R")

p <- list(ties = c(0.03, 0.01, 0.01, 0.04), order = c(0.2, 0.001, 0.012, 0.013, 0.9), one = 0.03)
holm <- function(name, n) {
  data.frame(step = name, quantity = paste0("holm", n), name = seq_along(p[[name]]), value = p.adjust(p[[name]], "holm", n))
}
detectable <- function(df) {
  data.frame(step = "detectable", quantity = paste0("df", df), name = "", value = qt(0.975, df) + qt(0.8, df))
}
rows <- rbind(
  holm("ties", 4), holm("order", 5), holm("order", 7), holm("one", 1), holm("one", 3),
  do.call(rbind, lapply(c(4, 11.5, Inf), detectable))
)
write_reference(rows, "tests/r/primary_questions.csv")
