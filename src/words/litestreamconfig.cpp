// SPDX-License-Identifier: GPL-3.0-or-later
// What people read of a configuration of Litestream. The switch has no default, so that the compiler asks for the
// sentence of every fault.
#include "words/litestreamconfig.h"

#include "words/fill.h"

#include <QCoreApplication>

namespace lk::words {

using litestream::Fault;
using litestream::Problem;
using litestream::Weight;

/// {file}: the database; %9: the key.
static const char *sentence(Fault fault)
{
    switch (fault) {
    case Fault::UnknownKey:
        return QT_TRANSLATE_NOOP("LitestreamConfig",
                                 "There is no key %9: Litestream passes over it in silence. Check how "
                                 "it is written, or take it out.");
    case Fault::OtherVersion:
        return QT_TRANSLATE_NOOP("LitestreamConfig",
                                 "%9 is a key of Litestream %1, not of this version, which passes over "
                                 "it or refuses it. Write it as this version does.");
    case Fault::KeyTwice:
        return QT_TRANSLATE_NOOP("LitestreamConfig",
                                 "%9 stands here twice, and only one of them counts. Take one out.");
    case Fault::WrongShape:
        return QT_TRANSLATE_NOOP("LitestreamConfig", "%9 has to be %1. Check the indentation and the dashes below it.");
    case Fault::NotADuration:
        return QT_TRANSLATE_NOOP("LitestreamConfig", "%9: %1 is no duration, and Litestream does not start. It takes "
                                                     "hours, minutes and seconds only, as in 168h, 90m or 1s.");
    case Fault::NotPositive:
        return QT_TRANSLATE_NOOP("LitestreamConfig", "%9: %1 has to be more than nothing. Name a time, as in 1s.");
    case Fault::NotANumber:
        return QT_TRANSLATE_NOOP("LitestreamConfig", "%9: %1 is no whole number. Write digits only.");
    case Fault::NotASwitch:
        return QT_TRANSLATE_NOOP("LitestreamConfig", "%9 is true or false, not %1.");
    case Fault::NotASize:
        return QT_TRANSLATE_NOOP("LitestreamConfig", "%9: %1 is no size. Write it as in 64MiB.");
    case Fault::NotAUrl:
        return QT_TRANSLATE_NOOP("LitestreamConfig", "%9: %1 does not say how to get there. Begin it with https:// or "
                                                     "http://, or s3:// and the like for url.");
    case Fault::OtherStorage:
        return QT_TRANSLATE_NOOP("LitestreamConfig",
                                 "%9 means nothing for a replica of type %1. Check the type, or take "
                                 "it out.");
    case Fault::SecretReadable:
        return QT_TRANSLATE_NOOP("LitestreamConfig",
                                 "%9 is a secret, and other people of this machine can read the file. "
                                 "Take it out and put it into an environment file of mode 0600, or "
                                 "at least: chmod 600.");
    case Fault::SecretInFile:
        return QT_TRANSLATE_NOOP("LitestreamConfig",
                                 "%9 is a secret and stands in the file, which goes into backups and "
                                 "repositories. An environment file of mode 0600 is a better place.");
    case Fault::NoDatabases:
        return QT_TRANSLATE_NOOP("LitestreamConfig",
                                 "It names no database, so nothing is replicated. Add one below dbs.");
    case Fault::DatabaseTwice:
        return QT_TRANSLATE_NOOP("LitestreamConfig",
                                 "{file} stands here a second time: the two would disturb each other. "
                                 "Put its replicas together below one path.");
    case Fault::NoReplica:
        return QT_TRANSLATE_NOOP("LitestreamConfig",
                                 "{file} has no replica: it is watched, and copied nowhere. Add one.");
    case Fault::SeveralReplicas:
        return QT_TRANSLATE_NOOP("LitestreamConfig",
                                 "{file} has several replicas. From 0.5 on Litestream takes one, and "
                                 "does not start. Keep one, below replica.");
    case Fault::BothReplicaKeys:
        return QT_TRANSLATE_NOOP("LitestreamConfig",
                                 "{file} has both replica and replicas, and Litestream does not start. "
                                 "Keep one of them.");
    case Fault::UnknownStorage:
        return QT_TRANSLATE_NOOP("LitestreamConfig",
                                 "Litestream knows no replica of type %1, and does not start. There "
                                 "are %2.");
    case Fault::KeyMissing:
        return QT_TRANSLATE_NOOP("LitestreamConfig", "%9 is missing. Litestream can't do without it here: add it.");
    case Fault::UrlAndParts:
        return QT_TRANSLATE_NOOP("LitestreamConfig",
                                 "%9 and url can't stand together: the url says it already. Take one "
                                 "of them out.");
    case Fault::ReplicaNameTwice:
        return QT_TRANSLATE_NOOP("LitestreamConfig", "Two replicas of {file} have the name %1, and Litestream does not "
                                                     "start. Give each a name of its own (name: …).");
    case Fault::SameTarget:
        return QT_TRANSLATE_NOOP("LitestreamConfig", "{file} is copied to the same place as %1: each would delete the "
                                                     "other's copies. Give it a path of its own.");
    case Fault::NestedTarget:
        return QT_TRANSLATE_NOOP("LitestreamConfig", "{file} is copied into the place of %1. Put them side by side.");
    case Fault::ShortRetention:
        return QT_TRANSLATE_NOOP("LitestreamConfig",
                                 "Copies are kept for %1, but a whole one is made only every %2. Keep "
                                 "them at least as long as that.");
    case Fault::FastSync:
        return QT_TRANSLATE_NOOP("LitestreamConfig", "Copying every %1 makes more than 86 400 requests a day while the "
                                                     "database is written to, and most services charge for each. 1s or "
                                                     "more is enough for nearly all.");
    case Fault::MetricsForAll:
        return QT_TRANSLATE_NOOP("LitestreamConfig", "%9: %1 answers to every machine that reaches this one, and asks "
                                                     "nobody who they are. Write 127.0.0.1 before the colon.");
    case Fault::RelativePath:
        return QT_TRANSLATE_NOOP("LitestreamConfig",
                                 "%1 depends on the folder in which Litestream is started. Write the "
                                 "whole path, from / on.");
    case Fault::CharacterInPath:
        return QT_TRANSLATE_NOOP("LitestreamConfig", "Litestream takes the %2 in %1 for the end of the name: it makes "
                                                     "another, empty database beside it and replicates that. Give the "
                                                     "file or folder a name without it.");
    case Fault::ControlInPath:
        return QT_TRANSLATE_NOOP("LitestreamConfig", "There is a control character in %1, which breaks Litestream's "
                                                     "tables and logs. Give it a name without one.");
    case Fault::NotUtf8Path:
        return QT_TRANSLATE_NOOP("LitestreamConfig",
                                 "The name %1 is not UTF-8, so that no configuration can say it. Give "
                                 "it another one.");
    case Fault::DollarInPath:
        return QT_TRANSLATE_NOOP("LitestreamConfig",
                                 "Litestream replaces what follows the $ in %1 and looks for %2. Start "
                                 "it with -no-expand-env.");
    case Fault::FileWritable:
        return QT_TRANSLATE_NOOP("LitestreamConfig",
                                 "Other people of this machine can change the configuration, and with "
                                 "it what Litestream runs and where data goes: chmod go-w.");
    case Fault::DatabaseMissing:
        return QT_TRANSLATE_NOOP("LitestreamConfig",
                                 "{file} is not there. Litestream waits for it in silence, for ever if "
                                 "the name is wrong. Check the path.");
    case Fault::DatabaseUnreadable:
        return QT_TRANSLATE_NOOP("LitestreamConfig",
                                 "{file} can't be read: %1. Check its permissions, or ask as the user "
                                 "that Litestream runs as.");
    case Fault::NotADatabase:
        return QT_TRANSLATE_NOOP("LitestreamConfig", "{file} is no SQLite database. Check the path.");
    case Fault::DatabaseEmpty:
        return QT_TRANSLATE_NOOP("LitestreamConfig",
                                 "{file} is empty. Litestream begins once a program has written to it.");
    case Fault::Encrypted:
        return QT_TRANSLATE_NOOP("LitestreamConfig", "{file} looks encrypted. Litestream can't open it.");
    case Fault::DatabaseDamaged:
        return QT_TRANSLATE_NOOP("LitestreamConfig",
                                 "{file} is damaged. Recover it or bring a backup back before it is "
                                 "replicated.");
    case Fault::NoWalHere:
        return QT_TRANSLATE_NOOP("LitestreamConfig",
                                 "{file} is on a network file system (%1), where WAL does not work, "
                                 "which Litestream needs. Move it to a disk of this machine.");
    case Fault::NotWalYet:
        return QT_TRANSLATE_NOOP("LitestreamConfig", "{file} is not in WAL mode yet. Litestream switches it when it "
                                                     "starts; programs that use it should be ready for that.");
    case Fault::FileNotWritable:
        return QT_TRANSLATE_NOOP("LitestreamConfig",
                                 "You can't write to {file}. Litestream has to: run it as a user who "
                                 "can.");
    case Fault::FolderNotWritable:
        return QT_TRANSLATE_NOOP("LitestreamConfig", "You can't write to the folder %1. Litestream keeps its position "
                                                     "there: run it as a user who can, or set meta-path.");
    case Fault::OwnedByBrowser:
        return QT_TRANSLATE_NOOP("LitestreamConfig", "{file} belongs to a browser (%1), which locks it for itself. "
                                                     "Litestream can't follow it: back it up instead.");
    case Fault::LocksAlone:
        return QT_TRANSLATE_NOOP("LitestreamConfig", "{file} belongs to %1, which locks it for itself while it runs. "
                                                     "Litestream can't follow it then: back it up instead.");
    case Fault::SameDisk:
        return QT_TRANSLATE_NOOP("LitestreamConfig",
                                 "The replica of {file} is on the same disk as the database, and goes "
                                 "with it. Add one elsewhere.");
    case Fault::DiskFull:
        return QT_TRANSLATE_NOOP("LitestreamConfig",
                                 "Litestream may need %1 beside {file}, and %2 is free. Make room.");
    case Fault::Unreachable:
        return QT_TRANSLATE_NOOP("LitestreamConfig",
                                 "Nothing answers at %1: %2. Check the name, the port and the network.");
    }
    return "";
}

static const char *hint(Fault fault)
{
    if (fault == Fault::UnknownKey)
        return QT_TRANSLATE_NOOP("LitestreamConfig", "There is no key %9: Litestream passes over it in silence. Is %1 "
                                                     "meant?");
    return QT_TRANSLATE_NOOP("LitestreamConfig",
                             "%9: %1 is no duration, and Litestream does not start. It takes hours, "
                             "minutes and seconds only: write %2.");
}

QString describe(const Problem &problem)
{
    const As as = problem.fault == Fault::DiskFull ? As::Bytes : As::Text;
    QStringList arguments;
    for (const std::string &argument : problem.arguments)
        arguments += shown(argument, as);
    arguments.resize(9);
    arguments[8] = shown(problem.key);
    const bool hasHint = (problem.fault == Fault::UnknownKey && !problem.arguments.at(0).empty()) ||
                         (problem.fault == Fault::NotADuration && !problem.arguments.at(1).empty());
    return fill("LitestreamConfig", hasHint ? hint(problem.fault) : sentence(problem.fault), arguments,
                shown(problem.database.native()));
}

QString lineOf(const Problem &problem)
{
    return problem.line == 0 ? QString()
                             : fill("LitestreamConfig", QT_TRANSLATE_NOOP("LitestreamConfig", "line %1: "),
                                    {QString::number(problem.line)});
}

QString weightOf(const Problem &problem)
{
    switch (litestream::weightOf(problem.fault)) {
    case Weight::Stops:
        return QCoreApplication::translate("LitestreamConfig", QT_TRANSLATE_NOOP("LitestreamConfig", "error"));
    case Weight::Warning:
        return QCoreApplication::translate("LitestreamConfig", QT_TRANSLATE_NOOP("LitestreamConfig", "warning"));
    case Weight::Note:
        return QCoreApplication::translate("LitestreamConfig", QT_TRANSLATE_NOOP("LitestreamConfig", "note"));
    }
    return {};
}

QString describe(const litestream::RoundTrip &trip)
{
    const double seconds = std::chrono::duration<double>(trip.copied + trip.restored).count();
    const QString proved =
        fill("LitestreamConfig",
             QT_TRANSLATE_NOOP("LitestreamConfig",
                               "%1 went there and came back in %2 s: %3 rows in %4 tables are the same."),
             {shown(std::to_string(trip.bytes), As::Bytes), QString::number(seconds, 'f', 1),
              QString::number(trip.rows), QString::number(trip.tables)});
    const char *left = trip.removed
                           ? QT_TRANSLATE_NOOP("LitestreamConfig", "Nothing of it is left there.")
                           : QT_TRANSLATE_NOOP("LitestreamConfig", "Litestream can't delete: the copy stays in "
                                                                   "%1 until the next try, or until you take it away.");
    return proved + QLatin1Char(' ') + fill("LitestreamConfig", left, {shown(trip.target)});
}

QString litestreamSetup(std::size_t databases, const std::optional<std::string> &version, bool asked)
{
    const QString what =
        counted(databases, "LitestreamConfig",
                QT_TRANSLATE_NOOP("LitestreamConfig", "Litestream copies every change of the database elsewhere, "
                                                      "within seconds."),
                QT_TRANSLATE_NOOP("LitestreamConfig", "Litestream copies every change of the %1 databases "
                                                      "elsewhere, within seconds."));
    if (!asked)
        return what;
    const char *program =
        version ? QT_TRANSLATE_NOOP("LitestreamConfig", "Litestream %1 is installed.")
                : QT_TRANSLATE_NOOP("LitestreamConfig", "Litestream is not installed; the configuration can be "
                                                        "written all the same. Get the program from "
                                                        "https://litestream.io/install to run and try it.");
    return what + QLatin1Char(' ') + fill("LitestreamConfig", program, {shown(version.value_or(std::string()))});
}

QString litestreamSaved(const litestream::Plan &plan, const Path &kept)
{
    const QStringList arguments{shown(plan.to.native()), shown(kept.native())};
    if (!plan.inPlace)
        return fill("LitestreamConfig",
                    QT_TRANSLATE_NOOP("LitestreamConfig", "Written to %1, beside the old one, because "
                                                          "the comments of that would be lost. Compare "
                                                          "the two."),
                    arguments);
    return kept.empty()
               ? fill("LitestreamConfig", QT_TRANSLATE_NOOP("LitestreamConfig", "Written to %1."), arguments)
               : fill("LitestreamConfig",
                      QT_TRANSLATE_NOOP("LitestreamConfig", "Written to %1. What it was is kept as %2."), arguments);
}

}
