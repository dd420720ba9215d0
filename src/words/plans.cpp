// SPDX-License-Identifier: GPL-3.0-or-later
#include "words/plans.h"

#include "base/text.h"
#include "words/fill.h"

#include <QtGlobal>

#include <algorithm>

namespace lk::words {

static constexpr const char *Context = "Plan";

static QString digits(double number)
{
    return QString::number(number, 'g', 3);
}

QString timing(const std::vector<double> &runsMs)
{
    const operations::Timing timing = operations::timing(runsMs);
    return fill(Context, QT_TRANSLATE_NOOP("Plan", "%1 ms ± %2 (%3 runs)"),
                {digits(timing.median), digits(timing.spread), QString::number(runsMs.size())});
}

static QString speed(const operations::QueryPlan &plan)
{
    const operations::Timing before = operations::timing(plan.msBefore);
    const operations::Timing after = operations::timing(plan.msAfter);
    if (!operations::measurablyDifferent(before, after))
        return fill(Context, QT_TRANSLATE_NOOP("Plan", "No measurable difference."), {});
    // Whole times from ten on: more digits would claim more than was measured.
    const double ratio = std::max(before.median, after.median) / std::max(1e-6, std::min(before.median, after.median));
    const QString times = QString::number(ratio, 'f', ratio < 10 ? 1 : 0);
    return after.median < before.median
               ? fill(Context, QT_TRANSLATE_NOOP("Plan", "%1 times as fast with the index."), {times})
               : fill(Context, QT_TRANSLATE_NOOP("Plan", "%1 times as slow with the index."), {times});
}

QString outcome(const operations::QueryPlan &plan)
{
    QString text = speed(plan) + QLatin1Char(' ') +
                   fill(Context,
                        QT_TRANSLATE_NOOP("Plan", "The index takes up %1, and each change to its table costs a "
                                                  "little more."),
                        {QString::fromStdString(text::bytes(plan.indexBytes))});
    if (!plan.rowsEqual)
        text += QLatin1Char(' ') +
                fill(Context,
                     QT_TRANSLATE_NOOP("Plan", "The number of rows differed between two runs: the query's "
                                               "result is not always the same."),
                     {});
    return text;
}

}
