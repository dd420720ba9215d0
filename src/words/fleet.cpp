// SPDX-License-Identifier: GPL-3.0-or-later
#include "words/fleet.h"

#include "words/fill.h"

#include <QCoreApplication>

namespace lk::words {

/// %1 the machine, %2 what was said.
static const char *sentence(fleet::Why why)
{
    using fleet::Why;
    switch (why) {
    case Why::Stopped:
        return QT_TRANSLATE_NOOP("Fleet", "Stopped before %1 was finished.");
    case Why::NoSsh:
        return QT_TRANSLATE_NOOP("Fleet", "%1 can't be asked: the program ssh is not here. Install OpenSSH's client.");
    case Why::NameUnknown:
        return QT_TRANSLATE_NOOP("Fleet", "Nobody knows where %1 is. Check the name, or describe the machine in "
                                          "~/.ssh/config.");
    case Why::NotReached:
        return QT_TRANSLATE_NOOP("Fleet",
                                 "%1 does not answer (%2). Check that it is on, and that its ssh server runs.");
    case Why::TimedOut:
        return QT_TRANSLATE_NOOP("Fleet", "%1 did not answer in time (%2). Check the network and that the machine is "
                                          "on, then try again.");
    case Why::HostKeyUnknown:
        return QT_TRANSLATE_NOOP("Fleet", "The key of %1 is not known here, so nothing says that it is the right "
                                          "machine. Run 'ssh %1' once in a terminal, compare its key and accept it.");
    case Why::HostKeyChanged:
        return QT_TRANSLATE_NOOP("Fleet", "%1 has another key than before: it may be another machine, or somebody in "
                                          "between. Nothing was sent to it. 'ssh %1' in a terminal says more.");
    case Why::KeyRefused:
        return QT_TRANSLATE_NOOP("Fleet", "%1 does not accept your keys (%2). 'ssh %1' has to work without a "
                                          "password: add your key there, or to the agent here.");
    case Why::NoProgram:
        return QT_TRANSLATE_NOOP("Fleet", "There is no litekeeper-cli on %1 where it was looked for (%2). Install "
                                          "Litekeeper there, or say with --remote-program where it is.");
    case Why::TooOld:
        return QT_TRANSLATE_NOOP("Fleet", "The litekeeper-cli on %1 does not know what it was asked (%2). It may be "
                                          "older than this one: install the same version there.");
    case Why::CutOff:
        return QT_TRANSLATE_NOOP("Fleet", "The connection to %1 ended in the middle (%2). What came until then is "
                                          "kept; try again for the rest.");
    case Why::NotLitekeeper:
        return QT_TRANSLATE_NOOP("Fleet", "What %1 answers is not what litekeeper-cli prints (%2). See what 'ssh %1 "
                                          "litekeeper-cli --version' says there.");
    case Why::TooMuch:
        return QT_TRANSLATE_NOOP("Fleet",
                                 "%1 sent more than any scan finds, so it was stopped. Treat what it says with "
                                 "care.");
    case Why::Failed:
        break;
    }
    return QT_TRANSLATE_NOOP("Fleet", "%1 could not be asked (%2). See what 'ssh %1' says in a terminal.");
}

QString describe(const fleet::Trouble &trouble)
{
    const QString said =
        trouble.said.empty() ? QCoreApplication::translate("Fleet", "it said nothing") : shown(trouble.said);
    return fill("Fleet", sentence(trouble.why), {shown(trouble.host), said});
}

QString notUnderstood(const std::string &host, std::uint64_t lines)
{
    return fill("Fleet",
                QT_TRANSLATE_NOOP("Fleet", "%1: %2 that it printed were no records and were left out. A login script "
                                           "that prints something there may be the cause."),
                {shown(host), counted(lines, "Fleet", QT_TRANSLATE_NOOP("Fleet", "%1 line"),
                                      QT_TRANSLATE_NOOP("Fleet", "%1 lines"))});
}

QString notAHost(const std::string &name)
{
    return fill("Fleet",
                QT_TRANSLATE_NOOP("Fleet", "'%1' is no name of a machine as ssh knows it: letters, digits, "
                                           "'.', '-' and '_', perhaps with "
                                           "'user@' before it"),
                {shown(name)});
}

}
