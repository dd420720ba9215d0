// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/jobtext.h"

#include "base/text.h"
#include "models/display.h"

#include <QCoreApplication>

#include <cmath>

namespace lk::models::jobtext {

static QString tr(const char *text)
{
    return QCoreApplication::translate("JobText", text);
}
#define NOOP(text) QT_TRANSLATE_NOOP("JobText", text)

static QString seconds(double value)
{
    const auto whole = static_cast<std::uint64_t>(std::ceil(value));
    if (whole < 60)
        return tr(NOOP("%1 s")).arg(whole);
    if (whole < 3600)
        return tr(NOOP("%1 min %2 s")).arg(whole / 60).arg(whole % 60);
    return tr(NOOP("%1 h %2 min")).arg(whole / 3600).arg(whole / 60 % 60);
}

static QString running(const BatchState &state)
{
    if (state.stopping)
        return tr(NOOP("Stopping…"));
    QStringList parts;
    if (state.fraction >= 0)
        parts += tr(NOOP("%1 %")).arg(static_cast<int>(state.fraction * 100));
    if (state.files > 1)
        parts += tr(NOOP("%1 of %2")).arg(state.finished()).arg(state.files);
    if (state.perSecond >= 1)
        parts += tr(NOOP("%1/s")).arg(QString::fromStdString(text::bytes(static_cast<std::uint64_t>(state.perSecond))));
    if (state.secondsLeft >= 0)
        parts += tr(NOOP("%1 left")).arg(seconds(state.secondsLeft));
    return parts.isEmpty() ? tr(NOOP("Starting…")) : parts.join(QStringLiteral(" · "));
}

QString result(const BatchState &state)
{
    if (state.isRunning())
        return running(state);
    QStringList parts;
    const auto add = [&](int number, const char *text) {
        if (number > 0)
            parts += tr(text).arg(QString::fromStdString(text::count(static_cast<std::uint64_t>(number))));
    };
    add(state.done, NOOP("%1 done"));
    add(state.damaged, NOOP("%1 of them damaged"));
    add(state.unchanged, NOOP("%1 already so"));
    add(state.skipped, NOOP("%1 left alone"));
    add(state.failed, NOOP("%1 failed"));
    add(state.cancelled, NOOP("%1 stopped"));
    return parts.join(QStringLiteral(", "));
}
#undef NOOP

const char *icon(const BatchState &state)
{
    if (state.isRunning())
        return "running";
    if (state.failed > 0 || state.damaged > 0)
        return "damaged";
    if (state.cancelled > 0)
        return "stop";
    return state.skipped > 0 ? "warning" : "done";
}

const char *icon(const operations::Report &report)
{
    if (report.damageFound)
        return "damaged";
    switch (report.status) {
    case operations::Status::Done:
    case operations::Status::Unchanged:
        return "done";
    case operations::Status::Skipped:
        return "warning";
    case operations::Status::Failed:
        break;
    }
    return report.error && report.error->code == ErrorCode::Cancelled ? "stop" : "damaged";
}

}
