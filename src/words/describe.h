// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/facts.h"
#include "operations/operation.h"
#include "scan/scanner.h"

#include <QString>

/// Sentences for people, made at the edge from codes and values. Translated with QCoreApplication::translate; English
/// where no translation is loaded (the command line). Names from files are shown through path::display().
namespace lk::words {

/// What failed, why, and what to do about it, in one or two sentences.
QString describe(const Error &error);
QString describe(const sqlite::ProblemNote &problem);
QString describe(const operations::NoteText &note);
QString describe(scan::WhyNot why);
QString describe(Phase phase);
/// "WAL", "rollback"; "–" where unknown.
QString journalMode(const inspect::DatabaseFacts &facts);
QString state(sqlite::State state);

/// "Firefox · history and bookmarks", or "looks like …".
QString application(const inspect::ApplicationMatch &match);
/// "firefox (4123), python3 (77)".
QString list(const std::vector<inspect::Holder> &holders);

/// One sentence for what came of \a operation on \a path: "Switched db.sqlite3 to WAL."
QString outcome(const operations::Operation &operation, const Path &path, const operations::Report &report);

/// "14 databases in 0.8 s; 120 431 files looked at; not entered: 2 other file systems, 3 folders without permission".
QString summary(const scan::Summary &summary);
/// Of that, what follows "not entered:"; empty if there is nothing.
QString notEntered(const std::vector<scan::NotEntered> &list);

/// A path for people: one line, control characters escaped.
QString display(const Path &path);
/// Its last component.
QString displayName(const Path &path);

}
