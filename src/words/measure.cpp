// SPDX-License-Identifier: GPL-3.0-or-later
#include "words/measure.h"

#include "base/text.h"
#include "words/fill.h"

#include <QtGlobal>

#include <array>
#include <cmath>

namespace lk::words {

using namespace measure;

static constexpr const char *Context = "Measure";

/// Three digits that matter.
static QString digits(double number)
{
    const double size = std::abs(number);
    return QString::number(number, 'f', size < 1.995 ? 2 : size < 9.95 ? 1 : 0);
}

QString duration(Nanoseconds duration)
{
    struct Unit
    {
        double nanoseconds;
        const char *name;
    };
    static constexpr std::array Units{Unit{1e9, "s"}, Unit{1e6, "ms"}, Unit{1e3, "µs"}, Unit{1, "ns"}};
    const auto time = static_cast<double>(duration.count());
    for (const Unit &unit : Units) {
        if (time >= unit.nanoseconds)
            return digits(time / unit.nanoseconds) + QLatin1Char(' ') + QString::fromUtf8(unit.name);
    }
    return QStringLiteral("0 s");
}

/// The same, also of large ones: "57 900".
static QString rounded(double number)
{
    if (number < 100)
        return number > 0 ? digits(number) : QStringLiteral("0");
    const double step = std::pow(10, std::floor(std::log10(number)) - 2);
    return QString::fromStdString(text::count(static_cast<std::uint64_t>(std::round(number / step) * step)));
}

QString perSecond(double rate)
{
    return rounded(rate);
}

QString percent(double share)
{
    const double percent = share * 100;
    if (percent > 0 && percent < 0.1)
        return QStringLiteral("< 0.1 %");
    if (percent < 100 && percent >= 99.5)
        return QStringLiteral("> 99 %");
    return QString::number(percent, 'f', percent > 0 && percent < 9.95 ? 1 : 0) + QStringLiteral(" %");
}

QString describe(const Comparison &comparison)
{
    switch (comparison.verdict) {
    case Verdict::Faster:
    case Verdict::Slower:
        return rounded(comparison.ratio) + QStringLiteral(" ×");
    case Verdict::NoDifference:
        return fill(Context, QT_TRANSLATE_NOOP("Measure", "no measurable difference"), {});
    case Verdict::TooNoisy:
        return fill(Context, QT_TRANSLATE_NOOP("Measure", "too noisy to say"), {});
    case Verdict::Nothing:
        break;
    }
    return QStringLiteral("–");
}

static QString inCapitals(const char *name)
{
    return QString::fromLatin1(name).toUpper();
}

/// As PRAGMA cache_size has it.
static QString cache(std::int64_t size)
{
    return size < 0 ? fill(Context, QT_TRANSLATE_NOOP("Measure", "cache %1"),
                           {QString::fromStdString(text::bytes(static_cast<std::uint64_t>(-size) * 1024))})
                    : fill(Context, QT_TRANSLATE_NOOP("Measure", "cache of %1 pages"), {QString::number(size)});
}

QString describe(const Configuration &configuration)
{
    static const Configuration Usual;
    QStringList parts{inCapitals(nameOf(configuration.journal)), inCapitals(nameOf(configuration.synchronous)),
                      inCapitals(nameOf(configuration.begin)),
                      configuration.busyTimeout.count() == 0
                          ? fill(Context, QT_TRANSLATE_NOOP("Measure", "no waiting"), {})
                          : QString::number(static_cast<double>(configuration.busyTimeout.count()) / 1000) +
                                QStringLiteral(" s")};
    if (configuration.cacheSize != Usual.cacheSize)
        parts += cache(configuration.cacheSize);
    if (configuration.mmapSize != Usual.mmapSize)
        parts += fill(Context, QT_TRANSLATE_NOOP("Measure", "mmap %1"),
                      {QString::fromStdString(text::bytes(static_cast<std::uint64_t>(configuration.mmapSize)))});
    return parts.join(QStringLiteral(" · "));
}

QString describe(const Load &load)
{
    QStringList parts;
    const auto add = [&](int count, Work work, const char *one, const char *many) {
        if (count > 0)
            parts += counted(static_cast<std::uint64_t>(count), Context, one, many) + QStringLiteral(" (") +
                     QString::fromLatin1(nameOf(work)) + QLatin1Char(')');
    };
    add(load.writers, load.write, QT_TRANSLATE_NOOP("Measure", "%1 writer"),
        QT_TRANSLATE_NOOP("Measure", "%1 writers"));
    add(load.readers, load.read, QT_TRANSLATE_NOOP("Measure", "%1 reader"), QT_TRANSLATE_NOOP("Measure", "%1 readers"));
    return parts.join(QStringLiteral(", "));
}

QString flush(const Surroundings &around)
{
    QString text = fill(Context, QT_TRANSLATE_NOOP("Measure", "A flush to this disk takes %1 (p99: %2)."),
                        {duration(around.flush.median()), duration(around.flush.quantile(0.99))});
    if (around.acknowledgesEarly())
        text += QLatin1Char(' ') +
                fill(Context,
                     QT_TRANSLATE_NOOP("Measure", "This storage acknowledges before it is on the medium: with "
                                                  "another disk, what flushes less gains more."),
                     {});
    return text;
}

QString onBattery()
{
    return fill(Context,
                QT_TRANSLATE_NOOP("Measure", "This machine runs on its battery, where it is slower, and differently so "
                                             "each time. Connect the charger, or say that it is to be measured so."),
                {});
}

/// The faster one comes first, whichever it is.
static QString rates(const Comparison &comparison, const QString &first, const QString &second, bool commits)
{
    const auto sentence = [&](const char *ofCommits, const char *ofReads, const QStringList &arguments) {
        return fill(Context, commits ? ofCommits : ofReads, arguments);
    };
    switch (comparison.verdict) {
    case Verdict::Faster:
    case Verdict::Slower: {
        const bool faster = comparison.verdict == Verdict::Faster;
        return sentence(QT_TRANSLATE_NOOP("Measure", "On this disk %1 commits %2 × as fast as %3"),
                        QT_TRANSLATE_NOOP("Measure", "On this disk %1 reads %2 × as fast as %3"),
                        {faster ? second : first, rounded(faster ? comparison.ratio : 1 / comparison.ratio),
                         faster ? first : second});
    }
    case Verdict::NoDifference:
        return sentence(QT_TRANSLATE_NOOP("Measure", "On this disk %1 and %2 commit without a measurable difference"),
                        QT_TRANSLATE_NOOP("Measure", "On this disk %1 and %2 read without a measurable difference"),
                        {first, second});
    case Verdict::TooNoisy:
        return sentence(QT_TRANSLATE_NOOP("Measure", "It was too noisy to say whether %1 or %2 commits faster here"),
                        QT_TRANSLATE_NOOP("Measure", "It was too noisy to say whether %1 or %2 reads faster here"),
                        {first, second});
    case Verdict::Nothing:
        break;
    }
    return sentence(
        QT_TRANSLATE_NOOP("Measure", "The commits of %1 and %2 can't be compared: one of them made none in some round"),
        QT_TRANSLATE_NOOP("Measure", "The reads of %1 and %2 can't be compared: one of them made none in some round"),
        {first, second});
}

/// Beside what was said of the commits; empty where that is nothing new.
static QString readsToo(const Comparison &comparison, const QString &first, const QString &second)
{
    if (comparison.verdict != Verdict::Faster && comparison.verdict != Verdict::Slower)
        return {};
    const bool faster = comparison.verdict == Verdict::Faster;
    return fill(Context, QT_TRANSLATE_NOOP("Measure", "; %1 reads %2 × as fast"),
                {faster ? second : first, rounded(faster ? comparison.ratio : 1 / comparison.ratio)});
}

QString verdict(const Cell &first, const CellResult &firstResult, const Cell &second, const CellResult &secondResult)
{
    const QString one = QString::fromStdString(path::display(first.name));
    const QString other = QString::fromStdString(path::display(second.name));
    const bool haveWritten = first.load.writers > 0 && second.load.writers > 0;
    const Side &before = haveWritten ? firstResult.writes : firstResult.reads;
    const Side &after = haveWritten ? secondResult.writes : secondResult.reads;
    QString text = rates(compare(before.rates, after.rates), one, other, haveWritten);
    if (haveWritten)
        text += readsToo(compare(firstResult.reads.rates, secondResult.reads.rates), one, other);
    if (before.failed > 0 || after.failed > 0)
        text +=
            fill(Context, QT_TRANSLATE_NOOP("Measure", "; “database is locked” for %1 instead of %2 of what was tried"),
                 {percent(after.errorRate()), percent(before.errorRate())});
    return text + QLatin1Char('.');
}

QString pageCost(const Cell &cell, const CellResult &result)
{
    static constexpr int Queries = 100;
    if (result.reads.latency.count() == 0)
        return {};
    return fill(Context, QT_TRANSLATE_NOOP("Measure", "With %1, a page of 100 queries costs %2."),
                {QString::fromStdString(path::display(cell.name)), duration(result.perQuery(cell) * Queries)});
}

}
