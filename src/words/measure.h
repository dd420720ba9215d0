// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "measure/measurement.h"

#include <QString>

/// What was measured, for people.
namespace lk::words {

/// "26 µs", "1.3 ms", "2.1 s": two or three digits.
QString duration(measure::Nanoseconds duration);
/// "57 900": three digits, no disk tells more.
QString perSecond(double rate);
/// "13 %"
QString percent(double share);
/// "38 ×", "no measurable difference", "too noisy to say", "–".
QString describe(const measure::Comparison &comparison);
/// "WAL · NORMAL · IMMEDIATE · 5 s", with the cache and mmap where they are not SQLite's own.
QString describe(const measure::Configuration &configuration);
/// "4 writers (update), 1 reader (point-reads)".
QString describe(const measure::Load &load);

/// What a flush costs here, and what that means for the figures.
QString flush(const measure::Surroundings &around);
/// Why nothing is measured on battery, and what to do.
QString onBattery();
/// The difference between two cells in one sentence: "On this disk WAL + NORMAL commits 38 × as fast as DELETE + FULL;
/// “database is locked” for 0 % instead of 13 % of the transactions."
QString verdict(const measure::Cell &first, const measure::CellResult &firstResult, const measure::Cell &second,
                const measure::CellResult &secondResult);
/// "A page of 100 queries costs 1.3 ms." Empty without readers.
QString pageCost(const measure::Cell &cell, const measure::CellResult &result);

}
