// SPDX-License-Identifier: GPL-3.0-or-later
// Promise 1 of the README: looking leaves no trace. Whole trees are compared name by name, byte by byte and time by
// time before and after the program has looked at every database in them.
#include "faults/program.h"
#include "support/dbbuilder.h"
#include "support/heldlock.h"
#include "support/shared.h"
#include "support/temptree.h"

#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>
#include <QTest>

using namespace lk;

class TestNoTrace : public QObject
{
    Q_OBJECT

    std::unique_ptr<test::TempTree> m_workshop;
    Path m_root; ///< what is looked at
    bool m_hasShared = false;
    std::vector<std::unique_ptr<test::HeldLock>> m_held;

    /// Every kind of database we know to make, some of them in use.
    void makeOwn(const Path &folder)
    {
        std::filesystem::create_directories(folder);
        test::makeDatabase(folder / "rollback.db", {.rows = 3000});
        test::makeDatabase(folder / "persist.db", {.journalMode = "persist"});
        test::makeDatabase(folder / "clean-wal.db", {.journalMode = "wal"});
        test::makeDatabase(folder / "utf16.db", {.pageSize = 512, .encoding = "UTF-16le", .autoVacuum = "full"});
        test::makeCrashedWal(folder / "crashed.db");
        test::makeCrashedWal(folder / "crashed-with-shm.db", {}, 10, true, true);
        test::makeHotJournal(folder / "hot.db", {.rows = 3000});
        test::makeDatabase(folder / "name with spaces, 'quotes' and ?#%.db");
        test::writeFile(folder / "empty.db", "");
        test::writeFile(folder / "empty-with-wal.db", "");
        test::writeFile(folder / "empty-with-wal.db-wal", "left over");
        test::makeDatabase(folder / "cut.db");
        test::cutTo(folder / "cut.db", 5000);
        test::makeDatabase(folder / "private.db");
        std::filesystem::permissions(folder / "private.db", std::filesystem::perms::owner_read);
        for (const char *mode : {"wal", "delete"}) {
            for (const test::Held how : {test::Held::Idle, test::Held::Reading, test::Held::Writing}) {
                const Path path = folder / (std::string("held-") + mode + std::to_string(int(how)) + ".db");
                test::makeDatabase(path, {.journalMode = mode});
                m_held.push_back(std::make_unique<test::HeldLock>(path, how));
            }
        }
    }

    /// Everything that looks, at everything there is below \a root, run under \a before. Of the malformed corpus only
    /// one in \a step: there are hundreds.
    static void lookAtAll(const QString &root, const QStringList &before, int step)
    {
        using namespace Qt::StringLiterals;
        const auto look = [&](const QStringList &arguments) {
            const test::Outcome outcome = test::runCli(arguments, before);
            QVERIFY2(!outcome.killed && (outcome.exitStatus == 0 || outcome.exitStatus == 1),
                     "exit status " + QByteArray::number(outcome.exitStatus) + outcome.errors.right(300));
        };
        look({u"scan"_s, root});
        look({u"scan"_s, u"--by"_s, u"name"_s, root});
        QStringList files;
        const test::Outcome found = test::runCli({u"scan"_s, u"--thorough"_s, u"--format"_s, u"json"_s, root}, before);
        int malformed = 0;
        for (const QJsonValue &database : QJsonDocument::fromJson(found.output)[u"databases"_s].toArray()) {
            const QString path = database[u"path"_s].toString();
            const bool passedOver = path.contains(u"/malformed/"_s) && ++malformed % step != 0;
            if (!passedOver && !database[u"path_base64"_s].isString())
                files.append(path);
        }
        QVERIFY(files.size() > 15);
        for (const QStringList &command :
             {QStringList{u"info"_s, u"--space"_s, u"--schema"_s}, QStringList{u"check"_s},
              QStringList{u"check"_s, u"--quick"_s}, QStringList{u"journal"_s, u"wal"_s, u"--dry-run"_s}})
            look(command + QStringList{u"--"_s} + files);
    }

    void verifyUnchanged(const test::TreeSnapshot &before, const test::TreeSnapshot &after)
    {
        QVERIFY(before.size() > 20);
        const std::string difference = before.difference(after);
        QVERIFY2(difference.empty(), difference.c_str());
        if (!before.keepsAccessTimes() || !after.keepsAccessTimes()) {
            qInfo("access times NOT compared: not all files are ours");
            return;
        }
        const std::string accessed = before.accessTimeDifference(after);
        QVERIFY2(accessed.empty(), ("content as before, but\n" + accessed).c_str());
    }

private Q_SLOTS:
    void initTestCase()
    {
        m_workshop = std::make_unique<test::TempTree>();
        m_root = m_workshop->folder("root");
        makeOwn(m_root / "own");
        const auto corpus = test::shared("corpus");
        if (corpus) {
            test::copyFolder(*corpus / "real", m_root / "real");
            test::copyFolder(*corpus / "malformed", m_root / "malformed");
        }
        m_hasShared = corpus && test::makeTree(m_root, 600, 60);
    }

    void init()
    {
        if (!m_hasShared)
            qInfo("NOT TESTED on the corpora and a generated tree: the shared folder is not there");
    }

    void cleanupTestCase()
    {
        m_held.clear();
        m_workshop.reset();
    }

    void onAnOrdinaryFolder()
    {
        const test::TreeSnapshot before(m_root);
        lookAtAll(test::text(m_root), {}, 1);
        verifyUnchanged(before, test::TreeSnapshot(m_root));
    }

    void onAReadOnlyMount()
    {
        const auto mounts = test::inOwnMounts();
        if (!mounts)
            QSKIP("NOT TESTED: this system permits no mounts of our own");
        const Path point = m_workshop->folder("read-only");
        const test::TreeSnapshot before(m_root);
        lookAtAll(test::text(point),
                  *mounts + QStringList{QStringLiteral("mount --bind \"$0\" \"$1\"; mount -o remount,bind,ro \"$1\"; "
                                                       "shift; exec \"$@\""),
                                        test::text(m_root), test::text(point)},
                  10);
        verifyUnchanged(before, test::TreeSnapshot(m_root));
    }

    /// Whatever is opened to be written, even if nothing is written, comes up into the upper folder.
    void onAnOverlay()
    {
        const auto mounts = test::inOwnMounts();
        if (!mounts)
            QSKIP("NOT TESTED: this system permits no mounts of our own");
        const Path upper = m_workshop->folder("upper");
        const Path merged = m_workshop->folder("merged");
        const QStringList before =
            *mounts +
            QStringList{
                QStringLiteral(
                    "mount -t overlay overlay -o \"lowerdir=$0,upperdir=$1,workdir=$2\" \"$3\"; shift 3; exec \"$@\""),
                test::text(m_root), test::text(upper), test::text(m_workshop->folder("work")), test::text(merged)};
        if (test::run(before + QStringList{QStringLiteral("true")}).exitStatus != 0)
            QSKIP("NOT TESTED: this system permits no overlay");
        const test::TreeSnapshot whole(m_root);
        lookAtAll(test::text(merged), before, 10);
        verifyUnchanged(whole, test::TreeSnapshot(m_root));
        QVERIFY(std::filesystem::is_empty(upper));
    }

    /// The test itself has to see what a plain read-only open does.
    void whatOthersLeaveIsSeen()
    {
        const test::TempTree tree;
        test::makeDatabase(tree.path() / "a.db", {.journalMode = "wal"});
        const test::TreeSnapshot before(tree.path());
        const test::HeldLock plain(tree.path() / "a.db", test::Held::Idle);
        const std::string difference = before.difference(test::TreeSnapshot(tree.path()));
        QVERIFY2(difference.find("a.db-shm: is new") != std::string::npos, difference.c_str());
        QVERIFY2(difference.find("a.db-wal: is new") != std::string::npos, difference.c_str());
    }
};

QTEST_GUILESS_MAIN(TestNoTrace)
#include "tst_notrace.moc"
