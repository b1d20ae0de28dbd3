# Reference for tests/analyses: run from the project's root with
#   Rscript tests/r/hsls_ladder.R <folder of the data>/hsls09/students.csv
source("tests/r/ladder.R")

people <- read.csv(commandArgs(TRUE)[1], stringsAsFactors = TRUE)
first <- c("X1MTHINT", "X1SCIINT")
second <- c("X1MTHUTI", "X1SCIUTI")
for (s in c(first, second)) people[[s]] <- as.numeric(scale(people[[s]]))
people$X1SEX <- factor(people$X1SEX)

demography <- c("X1SEX", "X1RACE", "X1SES", "X1STAGE")
prior_attainment <- c("S1M8GRADE", "X1TXMTSCOR")
beliefs <- c("X1MTHEFF", "X1SCIEFF", "X1MTHID", "X1SCIID", "X1SCHOOLENG", "X1SCHOOLBEL")
steps <- list(
  unadjusted = NULL,
  demography = demography,
  prior_attainment = c(demography, prior_attainment),
  beliefs = c(demography, prior_attainment, beliefs)
)
one <- function(name) cbind(step = name, logit_step(people, "X4EVERDROP", first, second, steps[[name]]))
rows <- do.call(rbind, lapply(names(steps), one))
write_reference(rows[!rows$quantity %in% c("coef", "std_error"), ], "tests/r/hsls_ladder.csv")
