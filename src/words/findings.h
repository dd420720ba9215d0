// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "advice/advisor.h"

#include <QString>

namespace lk::words {

/// A finding for people. Values from files are shown on one line, escaped.
struct FindingText
{
    QString title;
    QString seen;
    QString why;
    QString gain;
    QString risk;
    QString fix;
    QString undo;
    QString link; ///< an address
};

FindingText describe(const advice::Finding &finding);
QString describe(advice::Severity severity);
/// "37 databases: Large -wal"
QString describe(const advice::Group &group);

/// "Checked 41 rules, nothing to do. 9 more need to know its tables, columns and indexes."; what was checked and what
/// could not be, also where something was found.
QString checked(const advice::Advice &advice);

}
