// SPDX-License-Identifier: GPL-3.0-or-later
#include "operations/operation.h"
#include "words/describe.h"
#include "words/fill.h"
#include "words/findings.h"
#include "words/plans.h"

#include <QSet>
#include <QTest>

using namespace lk;
using operations::Note;
using sqlite::Problem;

/// Every enumerator up to the last, which the tests name; a new one behind it has to be named here.
template <class Enum>
static std::vector<Enum> each(Enum last)
{
    std::vector<Enum> all;
    for (int i = 0; i <= static_cast<int>(last); ++i)
        all.push_back(static_cast<Enum>(i));
    return all;
}

class WordsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void everyErrorCodeHasItsOwnSentence()
    {
        QSet<QString> sentences;
        for (const ErrorCode code : each(ErrorCode::Internal)) {
            const QString text = describe(code, Reason::None, {});
            QVERIFY2(isWhole(text), qPrintable(text));
            QVERIFY2(text.contains(QStringLiteral("shop.db")), qPrintable(text));
            sentences.insert(text);
        }
        QCOMPARE(sentences.size(), qsizetype(ErrorCode::Internal) + 1);
    }

    void everyReasonHasItsOwnSentence()
    {
        QSet<QString> sentences;
        const QString internal = describe(ErrorCode::Internal, Reason::None, {});
        for (const Reason reason : each(Reason::LitestreamNeedsWal)) {
            if (reason == Reason::None)
                continue;
            const QString text = describe(ErrorCode::Internal, reason, {"first", "second", "third"});
            QVERIFY2(isWhole(text), qPrintable(text));
            QVERIFY2(text.contains(QStringLiteral("shop.db")), qPrintable(text));
            QVERIFY2(text != internal, qPrintable(QStringLiteral("no sentence for reason %1").arg(int(reason))));
            sentences.insert(text);
        }
        QCOMPARE(sentences.size(), qsizetype(Reason::LitestreamNeedsWal));
    }

    void whatAnIndexBringsIsSaidInTimes_data()
    {
        QTest::addColumn<QList<double>>("before");
        QTest::addColumn<QList<double>>("after");
        QTest::addColumn<QString>("expected");
        QTest::newRow("faster") << QList<double>{30, 30, 30} << QList<double>{10, 10, 10}
                                << QStringLiteral("3.0 times as fast with the index.");
        QTest::newRow("much faster") << QList<double>{500, 500, 500} << QList<double>{1, 1, 1}
                                     << QStringLiteral("500 times as fast with the index.");
        QTest::newRow("slower") << QList<double>{10, 10, 10} << QList<double>{15, 15, 15}
                                << QStringLiteral("1.5 times as slow with the index.");
        QTest::newRow("the same") << QList<double>{10, 10, 10} << QList<double>{10, 11, 10}
                                  << QStringLiteral("No measurable difference.");
    }
    void whatAnIndexBringsIsSaidInTimes()
    {
        QFETCH(QList<double>, before);
        QFETCH(QList<double>, after);
        QFETCH(QString, expected);
        const operations::QueryPlan plan{.before = {},
                                         .after = {},
                                         .msBefore = {before.begin(), before.end()},
                                         .msAfter = {after.begin(), after.end()},
                                         .indexBytes = 4096};
        const QString text = words::outcome(plan);
        QVERIFY2(text.startsWith(expected), qPrintable(text));
        QVERIFY2(text.contains(QStringLiteral("4.0 KiB")), qPrintable(text));
        QCOMPARE(words::timing({1.23456, 1.23456, 1.23456}), QStringLiteral("1.23 ms ± 0 (3 runs)"));
    }

    void reasonsShowTheirArguments_data()
    {
        QTest::addColumn<int>("reason");
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QStringList>("shown");

        const auto row = [](const char *name, Reason reason, const QStringList &arguments, const QStringList &shown) {
            QTest::newRow(name) << int(reason) << arguments << shown;
        };
        const auto text = [](const char *s) { return QStringList(QString::fromUtf8(s)); };
        row("who has it open", Reason::InUseByOthers, text("firefox (4123)"), text("firefox (4123)"));
        row("who is unknown", Reason::InUseByOthers, {}, text("another program"));
        row("who keeps WAL alive", Reason::InUseWhileLeavingWal, text("rails (7)"), text("rails (7)"));
        row("who keeps WAL alive is unknown", Reason::InUseWhileLeavingWal, text(""), text("another program"));
        row("seconds waited for a reader", Reason::BusyWithReader, text("5"), text("5 s"));
        row("seconds waited for a writer", Reason::LockedByWriter, text("5"), text("5 s"));
        row("the network's kind", Reason::NetworkFilesystem, text("nfs4"), text("nfs4"));
        row("the folder", Reason::FolderNotWritable, text("/srv"), text("/srv"));
        row("how many names", Reason::ManyLinks, text("3"), text("3 names"));
        row("sizes are for people", Reason::NotEnoughSpace,
            {QStringLiteral("4402341478"), QStringLiteral("644245094"), QStringLiteral("/var/tmp")},
            {QStringLiteral("4.1 GiB in /var/tmp"), QStringLiteral("614 MiB is free")});
        row("the path's length and the limit", Reason::PathTooLong, {QStringLiteral("600"), QStringLiteral("504")},
            {QStringLiteral("600 bytes"), QStringLiteral("504 at most")});
        row("what was wanted and what is", Reason::ModeNotChanged, {QStringLiteral("wal"), QStringLiteral("rollback")},
            {QStringLiteral("wal was"), QStringLiteral("rollback")});
        row("the target in the way", Reason::TargetExists, text("/b/shop.db"), text("/b/shop.db"));
        row("the folder that is missing", Reason::TargetFolderMissing, text("/b"), text("/b"));
        row("what the copy's check said", Reason::CopyDamaged, text("Page 3"), text("Page 3"));
        row("what the file's check said", Reason::CheckedDamaged, text("Page 3"), text("Page 3"));
        row("which extension is missing", Reason::MissingExtension, text("collation unicase"),
            text("collation unicase"));
        row("what was given", Reason::UnknownArgument, text("wall"), text("wall"));
    }

    void reasonsShowTheirArguments()
    {
        QFETCH(int, reason);
        QFETCH(QStringList, arguments);
        QFETCH(QStringList, shown);
        std::vector<std::string> bytes;
        for (const QString &argument : arguments)
            bytes.push_back(argument.toStdString());
        const QString text = describe(ErrorCode::Internal, static_cast<Reason>(reason), bytes);
        QVERIFY2(isWhole(text), qPrintable(text));
        for (const QString &part : shown)
            QVERIFY2(text.contains(part), qPrintable(text));
    }

    void aNameIsNeverTakenForAPlaceholder()
    {
        const Error error{.code = ErrorCode::Busy,
                          .reason = Reason::InUseByOthers,
                          .path = "/a/%1 {file}\x1b[31m\n.db",
                          .arguments = {"{file} %2"},
                          .detail = {}};
        const QString text = words::describe(error);
        QVERIFY2(text.startsWith(QStringLiteral("%1 {file}\\x1b[31m\\n.db is in use by {file} %2.")), qPrintable(text));
    }

    void aMissingArgumentIsSeen()
    {
        QCOMPARE(words::fill("Test", "%1 and %2", {QStringLiteral("a")}), QStringLiteral("a and ?"));
    }

    void anErrorWithoutAFileIsASentenceToo()
    {
        Error error;
        error.code = ErrorCode::NotFound;
        QVERIFY(words::describe(error).contains(QStringLiteral("the file")));
    }

    void everyProblemHasItsOwnSentence()
    {
        QSet<QString> sentences;
        for (const Problem problem : each(Problem::NotCurrent)) {
            const QString text = words::describe(sqlite::ProblemNote{.kind = problem, .value = 13, .expected = 71});
            QVERIFY2(isWhole(text), qPrintable(QStringLiteral("problem %1: %2").arg(int(problem)).arg(text)));
            sentences.insert(text);
        }
        QCOMPARE(sentences.size(), qsizetype(Problem::NotCurrent) + 1);
    }

    void problemsShowTheirNumbers()
    {
        const QString fewer =
            words::describe(sqlite::ProblemNote{.kind = Problem::FewerPagesThanStored, .value = 13, .expected = 71});
        QVERIFY2(fewer.contains(QStringLiteral("13 pages")) && fewer.contains(QStringLiteral("71")), qPrintable(fewer));
        const QString unreadable =
            words::describe(sqlite::ProblemNote{.kind = Problem::NotReadable, .value = 13, .expected = 0});
        QVERIFY2(unreadable.contains(QStringLiteral("Permission denied")), qPrintable(unreadable));
    }

    void everyNoteHasItsOwnSentence()
    {
        QSet<QString> sentences;
        for (const Note note : each(Note::StartLitestream)) {
            const QString text = words::describe(operations::NoteText{note, {"13", "14", "15", "16", "17"}});
            QVERIFY2(isWhole(text), qPrintable(QStringLiteral("note %1: %2").arg(int(note)).arg(text)));
            sentences.insert(text);
        }
        QCOMPARE(sentences.size(), qsizetype(Note::StartLitestream) + 1);
    }

    void everyReasonForNotEnteringAFolderHasWords()
    {
        for (const scan::WhyNot why : each(scan::WhyNot::Failed))
            QVERIFY(!words::describe(why).isEmpty());
    }

    void everyPhaseAndStateHasWords()
    {
        for (const Phase phase : each(Phase::Finishing))
            QVERIFY(!words::describe(phase).isEmpty());
        for (const sqlite::State state : each(sqlite::State::Other))
            QVERIFY(!words::state(state).isEmpty());
    }

    void everySeverityHasItsOwnWord()
    {
        QSet<QString> severities;
        for (const advice::Severity severity : each(advice::Severity::Critical))
            severities.insert(words::describe(severity));
        QCOMPARE(severities.size(), qsizetype(advice::Severity::Critical) + 1);
        QVERIFY(!severities.contains(QString()));
    }

    void whatWasCheckedIsCounted()
    {
        advice::Advice advice;
        advice.judged = {advice::find("damaged"), advice::find("hot-journal")};
        QCOMPARE(words::checked(advice), QStringLiteral("Checked 2 rules, nothing to do."));
        advice.findings = {{.rule = advice::find("damaged")}};
        advice.notJudged = {advice::find("dominant-table"), advice::find("never-checked"), advice::find("backup-old")};
        advice.notAskedOf = {advice::find("free-pages")};
        QCOMPARE(words::checked(advice),
                 QStringLiteral("Checked 2 rules. 1 more needs its space to be measured. 2 more need a record of its "
                                "checks and backups. 1 more is left to its application."));
    }

    void outcomesAreSentences()
    {
        for (const operations::Operation *operation : operations::all()) {
            for (const operations::Status status : each(operations::Status::Failed)) {
                operations::Report report;
                report.status = status;
                report.fields = {{"after", std::string("wal")},
                                 {"recovered", std::string("/a/saved.db")},
                                 {"replica", std::string("s3")},
                                 {"moment", std::string("2026-11-23T10:42:00Z")}};
                for (const char *number :
                     {"bytes", "bytes_before", "bytes_after", "freed", "frames", "moved", "wal_size", "indexes"})
                    report.fields.push_back({number, std::int64_t(1) << 20});
                const QString text = words::outcome(*operation, "/a/shop.db", report);
                QVERIFY2(isWhole(text), qPrintable(text));
                QVERIFY2(text.contains(QStringLiteral("shop.db")), qPrintable(text));
            }
        }
    }

    void anErrorIsTheOutcome()
    {
        const Error error{.code = ErrorCode::Busy, .path = "/a/shop.db", .arguments = {}, .detail = {}};
        const operations::Operation *journal = operations::find("journal");
        QVERIFY(journal);
        QCOMPARE(words::outcome(*journal, "/a/shop.db", operations::failed(error)), words::describe(error));
    }

    void theSummaryCountsWhatWasLeftOut()
    {
        scan::Summary summary;
        summary.counts.databases = 14;
        summary.counts.files = 120431;
        summary.duration = std::chrono::milliseconds(810);
        const auto leave = [&](scan::WhyNot why) {
            scan::NotEntered entry;
            entry.why = why;
            summary.notEntered.push_back(entry);
        };
        QCOMPARE(words::summary(summary), QStringLiteral("14 databases in 0.8 s; 120\u2009431 files looked at"));
        leave(scan::WhyNot::OtherFilesystem);
        leave(scan::WhyNot::OtherFilesystem);
        leave(scan::WhyNot::NoPermission);
        summary.counts.passedOverBySize = 1;
        summary.counts.databases = 1;
        QCOMPARE(words::summary(summary),
                 QStringLiteral("1 database in 0.8 s; 120\u2009431 files looked at; 1 file passed over by size; "
                                "not entered: 2 other file systems, 1 folder without permission"));
    }

    void holdersAreListedWithTheirNumbers()
    {
        const std::vector<inspect::Holder> holders = {{.pid = 4123, .name = "firefox", .user = {}, .locks = {}},
                                                      {.pid = 77, .name = "e\x1bvil", .user = {}, .locks = {}}};
        QCOMPARE(words::list(holders), QStringLiteral("firefox (4123), e\\x1bvil (77)"));
    }

    void howSureItIsWhoseDatabaseItIsIsSaid()
    {
        auto match = inspect::recognise("/home/a/.mozilla/firefox/x/places.sqlite", 0, 0);
        QVERIFY(match);
        QCOMPARE(words::application(*match), QStringLiteral("Firefox · history and bookmarks"));
        match->confidence = inspect::Confidence::LooksLike;
        QCOMPARE(words::application(*match), QStringLiteral("looks like Firefox · history and bookmarks"));
    }

private:
    static QString describe(ErrorCode code, Reason reason, const std::vector<std::string> &arguments)
    {
        return words::describe(
            Error{.code = code, .reason = reason, .path = "/srv/shop.db", .arguments = arguments, .detail = {}});
    }

    /// A sentence without a hole in it.
    static bool isWhole(const QString &text)
    {
        return text.size() > 10 && text.endsWith(u'.') && !text.contains(u'%') && !text.contains(u'{') &&
               !text.contains(u'?') && !text.contains(QStringLiteral("  "));
    }
};

QTEST_GUILESS_MAIN(WordsTest)
#include "tst_words.moc"
