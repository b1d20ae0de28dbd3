# Reference for tests/analyses/test_factors.py and test_omega.py: confirmatory factor models by lavaan
# (estimator MLM: maximum likelihood, Satorra-Bentler), reliability by semTools. From the project's root:
#   Rscript tests/r/factors.R
# Also exports HolzingerSwineford1939 from lavaan to tests/r/data.
suppressPackageStartupMessages({
  library(lavaan)
  library(semTools)
})
source("tests/r/ladder.R")

tests <- paste0("x", 1:9)
pupils <- HolzingerSwineford1939[, c("school", "sex", tests)]
pupils[tests] <- round(pupils[tests], 8)
write.csv(pupils, "tests/r/data/holzinger.csv", row.names = FALSE, quote = FALSE)
pupils <- read.csv("tests/r/data/holzinger.csv")

one <- function(step, quantity, name, value) data.frame(step = step, quantity = quantity, name = name, value = as.numeric(value))
indices <- c(
  "chisq", "df", "chisq.scaled", "chisq.scaling.factor", "pvalue", "pvalue.scaled", "baseline.chisq", "baseline.df",
  "baseline.chisq.scaling.factor", "cfi", "tli", "cfi.scaled", "tli.scaled", "cfi.robust", "tli.robust", "rmsea",
  "rmsea.ci.lower", "rmsea.ci.upper", "rmsea.scaled", "rmsea.robust", "rmsea.ci.lower.robust", "rmsea.ci.upper.robust",
  "srmr_bentler_nomean"
)
# Names as ours: lhs op rhs, and .group where there are several.
described <- function(step, fit, normal, estimates = TRUE) {
  fitted <- fitMeasures(fit, indices)
  rows <- one(step, "index", indices, fitted)
  if (!estimates) return(rows)
  table <- parameterTable(fit)
  plain <- parameterTable(normal)
  free <- table$free > 0
  name <- paste0(table$lhs, table$op, table$rhs, if (max(table$group) > 1) paste0(".", table$group) else "")[free]
  keep <- !grepl("~1", name, fixed = TRUE) | grepl("scalar", step)
  rbind(
    rows,
    one(step, "value", name[keep], table$est[free][keep]),
    one(step, "robust_std_error", name[keep], table$se[free][keep]),
    one(step, "std_error", name[keep], plain$se[free][keep])
  )
}
# Gauss-Newton to the end, as nlminb stops a few millionths short; but lavaan's goes astray with means: there BFGS, begun
# again from where it ended. It then says that it cannot come closer, hence forced and warnings off.
options(warn = -1)
tight <- list(reltol = 1e-30, maxit = 10000)
fitted <- function(..., with_means = FALSE) {
  if (!with_means) {
    return(cfa(..., meanstructure = TRUE, optim.method = "GN", optim.gn.tol.x = 1e-12, optim.gn.iter.max = 2000L))
  }
  search <- function(...) {
    cfa(..., meanstructure = TRUE, optim.method = "BFGS", control = tight, optim.force.converged = TRUE)
  }
  search(..., start = search(...))
}
both <- function(...) list(robust = fitted(..., estimator = "MLM"), normal = fitted(..., estimator = "ML"))

three <- "visual =~ x1 + x2 + x3
textual =~ x4 + x5 + x6
speed =~ x7 + x8 + x9"
by_variance <- both(three, pupils, std.lv = TRUE)
by_marker <- both(three, pupils)
by_one <- both(paste("general =~", paste(tests, collapse = " + ")), pupils, std.lv = TRUE)
rows <- rbind(
  described("general", by_one$robust, by_one$normal),
  described("variance", by_variance$robust, by_variance$normal),
  described("marker", by_marker$robust, by_marker$normal)
)

# The same in two schools.
levels_of <- list(configural = NULL, metric = "loadings", scalar = c("loadings", "intercepts"))
fits <- list()
for (level in names(levels_of)) {
  arguments <- list(three, pupils, std.lv = TRUE, group = "school", group.label = c("Pasteur", "Grant-White"),
                    with_means = level == "scalar")
  if (!is.null(levels_of[[level]])) arguments$group.equal <- levels_of[[level]]
  fits[[level]] <- do.call(both, arguments)
  rows <- rbind(rows, described(paste0("schools_", level), fits[[level]]$robust, fits[[level]]$normal))
}
difference <- function(step, restricted, free) {
  found <- lavTestLRT(free, restricted, method = "satorra.bentler.2001")
  plain <- fitMeasures(restricted, c("chisq", "df")) - fitMeasures(free, c("chisq", "df"))
  rbind(
    one(step, "difference", c("chi2", "df", "p_value"), unlist(found[2, c("Chisq diff", "Df diff", "Pr(>Chisq)")])),
    one(step, "difference", "plain_chi2", plain[1])
  )
}
rows <- rbind(
  rows,
  difference("general", by_one$robust, by_variance$robust),
  difference("schools_metric", fits$metric$robust, fits$configural$robust),
  difference("schools_scalar", fits$scalar$robust, fits$metric$robust)
)

# Seven, five and three factors of motivation.
answers <- read.csv("tests/r/data/motivation_items.csv")
items_of <- function(...) paste(unlist(lapply(c(...), function(s) paste0(s, "_", 1:4))), collapse = " + ")
lines_of <- function(...) {
  parts <- list(...)
  paste(names(parts), "=~", sapply(parts, items_of), collapse = "\n")
}
intrinsic <- c("know", "accomplish", "stimulation")
models <- list(
  seven = lines_of(know = "know", accomplish = "accomplish", stimulation = "stimulation", identified = "identified",
                   introjected = "introjected", external = "external", amotivation = "amotivation"),
  five = lines_of(intrinsic = intrinsic, identified = "identified", introjected = "introjected", external = "external",
                  amotivation = "amotivation"),
  three = lines_of(intrinsic = intrinsic, extrinsic = c("identified", "introjected", "external"),
                   amotivation = "amotivation")
)
motivation <- lapply(models, both, answers, std.lv = TRUE)
for (name in names(motivation)) {
  rows <- rbind(rows, described(name, motivation[[name]]$robust, motivation[[name]]$normal, name == "seven"))
}
rows <- rbind(
  rows,
  difference("five", motivation$five$robust, motivation$seven$robust),
  difference("three", motivation$three$robust, motivation$five$robust)
)

# One factor at three waves, residuals of an item correlated over waves.
people <- na.omit(read.csv("tests/r/data/wave_items.csv", check.names = FALSE))
names(people) <- sub(".", "_", names(people), fixed = TRUE)
label <- function(letter, i) paste0(letter, i)
over_waves <- function(level) {
  loading <- function(t, i) paste0(if (level != "configural") paste0("l", i, "*"), "i", i, "_", t)
  factor_line <- function(t) paste0("f_", t, " =~ ", paste(sapply(1:4, function(i) {
    paste0("NA*", "i", i, "_", t, if (level != "configural") paste0(" + l", i, "*i", i, "_", t))
  }), collapse = " + "))
  lines <- sapply(0:2, factor_line)
  lines <- c(lines, "f_0 ~~ 1*f_0", sapply(1:2, function(t) {
    paste0("f_", t, " ~~ ", if (level == "configural") "1*" else "NA*", "f_", t)
  }))
  for (i in 1:4) lines <- c(lines, sprintf("i%d_%d ~~ i%d_%d", i, c(0, 0, 1), i, c(1, 2, 2)))
  if (level == "scalar") {
    for (i in 1:4) lines <- c(lines, sprintf("i%d_%d ~ n%d*1", i, 0:2, i))
    lines <- c(lines, "f_0 ~ 0*1", "f_1 ~ NA*1", "f_2 ~ NA*1")
  }
  paste(lines, collapse = "\n")
}
long <- lapply(setNames(nm = names(levels_of)), function(level) {
  both(over_waves(level), people, std.lv = FALSE, with_means = level == "scalar")
})
for (level in names(long)) {
  name <- paste0("waves_", level)
  rows <- rbind(rows, described(name, long[[level]]$robust, long[[level]]$normal))
}
rows <- rbind(
  rows,
  difference("waves_metric", long$metric$robust, long$configural$robust),
  difference("waves_scalar", long$scalar$robust, long$metric$robust)
)

# Reliability of the sum under the factor model: by the model's variance of the sum, and by the observed one.
rows <- rbind(
  rows,
  one("omega", "model", names(compRelSEM(by_variance$robust, obs.var = FALSE)),
      compRelSEM(by_variance$robust, obs.var = FALSE)),
  one("omega", "observed", names(compRelSEM(by_variance$robust)), compRelSEM(by_variance$robust))
)
single <- fitted("f =~ i1_0 + i2_0 + i3_0 + i4_0", people, std.lv = TRUE, estimator = "MLM")
formula <- "f =~ l1*i1_0 + l2*i2_0 + l3*i3_0 + l4*i4_0
i1_0 ~~ e1*i1_0
i2_0 ~~ e2*i2_0
i3_0 ~~ e3*i3_0
i4_0 ~~ e4*i4_0
omega := (l1 + l2 + l3 + l4)^2 / ((l1 + l2 + l3 + l4)^2 + e1 + e2 + e3 + e4)"
defined <- parameterTable(fitted(formula, people, std.lv = TRUE, estimator = "MLM"))
rows <- rbind(
  rows,
  one("omega", "single", c("model", "observed"), c(compRelSEM(single, obs.var = FALSE), compRelSEM(single))),
  one("omega", "single", "std_error", defined$se[defined$lhs == "omega"])
)
write_reference(rows, "tests/r/factors.csv", sapply(c("lavaan", "semTools"), function(p) paste(p, packageVersion(p))))
