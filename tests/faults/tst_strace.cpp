// SPDX-License-Identifier: GPL-3.0-or-later
// What the system is asked while the program only looks: no file of the person's is opened to be written, made,
// renamed, removed, changed or locked, and nothing but files and folders is opened at all.
#include "faults/program.h"
#include "support/dbbuilder.h"
#include "support/heldlock.h"
#include "support/temptree.h"

#include <QRegularExpression>
#include <QTest>

#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

using namespace lk;

class TestStrace : public QObject
{
    Q_OBJECT

    std::unique_ptr<test::TempTree> m_tree;
    std::vector<std::unique_ptr<test::HeldLock>> m_held;

    /// The calls that name a path below the tree or a descriptor opened there, of all threads.
    QStringList callsBelowTree(const QStringList &arguments) const
    {
        const test::TempTree logs;
        const test::Outcome outcome = test::runCli(
            arguments, {QStringLiteral("strace"), QStringLiteral("-ff"), QStringLiteral("-qqq"), QStringLiteral("-y"),
                        QStringLiteral("-s"), QStringLiteral("4096"), QStringLiteral("-o"),
                        test::text(logs.path() / "log"), QStringLiteral("-e"), QStringLiteral("trace=%file,%desc")});
        if (outcome.killed || outcome.exitStatus > 1)
            throw std::runtime_error("exit status " + std::to_string(outcome.exitStatus));
        QStringList calls;
        for (const auto &entry : std::filesystem::directory_iterator(logs.path())) {
            for (const QByteArray &line : QByteArray::fromStdString(test::readFile(entry.path())).split('\n')) {
                if (line.contains(m_tree->path().c_str()) && !line.startsWith("execve"))
                    calls.append(QString::fromLatin1(line));
            }
        }
        return calls;
    }

    QStringList arguments(const QStringList &command) const
    {
        if (command.first() == QLatin1String("scan"))
            return command + QStringList{test::text(m_tree->path())};
        QStringList files;
        for (const auto &entry : std::filesystem::directory_iterator(m_tree->path()))
            files.append(test::text(entry.path()));
        return command + files;
    }

private Q_SLOTS:
    void initTestCase()
    {
        if (!test::canTrace())
            QSKIP("NOT TESTED: strace is not here, or may not trace");
        m_tree = std::make_unique<test::TempTree>();
        const Path root = m_tree->path();
        test::makeDatabase(root / "rollback.db", {.rows = 2000});
        test::makeDatabase(root / "clean-wal.db", {.journalMode = "wal"});
        test::makeCrashedWal(root / "crashed.db", {.rows = 2000}, 10, true, true);
        test::makeHotJournal(root / "hot.db", {.rows = 3000});
        test::makeDatabase(root / "damaged.db");
        test::patch(root / "damaged.db", 4096, {0xFF, 0xFF, 0xFF, 0xFF});
        test::makeDatabase(root / "held-wal.db", {.journalMode = "wal"});
        test::makeDatabase(root / "held.db");
        m_held.push_back(std::make_unique<test::HeldLock>(root / "held-wal.db", test::Held::Reading));
        m_held.push_back(std::make_unique<test::HeldLock>(root / "held.db", test::Held::Writing));
        m_tree->file("empty.db");
        m_tree->file("empty.db-wal", "left over");
        m_tree->file("notes.txt", "text");
        m_tree->fifo("pipe.db");
        m_tree->link("link.db", "rollback.db");
        m_tree->folder("folder.db");
        if (::geteuid() == 0) // the null device by another name: harmless should it be opened
            QVERIFY(::mknod((root / "device.db").c_str(), S_IFCHR | 0600, makedev(1, 3)) == 0);
    }
    void cleanupTestCase()
    {
        m_held.clear();
        m_tree.reset();
    }

    void looking_data()
    {
        QTest::addColumn<QStringList>("command");

        QTest::newRow("scan") << QStringList{QStringLiteral("scan")};
        QTest::newRow("scan --thorough") << QStringList{QStringLiteral("scan"), QStringLiteral("--thorough")};
        QTest::newRow("scan --by name") << QStringList{QStringLiteral("scan"), QStringLiteral("--by"),
                                                       QStringLiteral("name")};
        QTest::newRow("info") << QStringList{QStringLiteral("info")};
        QTest::newRow("check") << QStringList{QStringLiteral("check")};
        QTest::newRow("check --foreign-keys") << QStringList{QStringLiteral("check"), QStringLiteral("--foreign-keys")};
        QTest::newRow("journal wal --dry-run")
            << QStringList{QStringLiteral("journal"), QStringLiteral("wal"), QStringLiteral("--dry-run")};
        QTest::newRow("journal delete --dry-run")
            << QStringList{QStringLiteral("journal"), QStringLiteral("delete"), QStringLiteral("--dry-run")};
    }
    void looking()
    {
        QFETCH(QStringList, command);
        static const QRegularExpression opens(QStringLiteral("^(open|openat|openat2|creat)\\("));
        static const QRegularExpression writing(QStringLiteral("O_WRONLY|O_RDWR|O_CREAT|O_TRUNC|O_TMPFILE|^creat"));
        static const QRegularExpression changing(QStringLiteral(
            "^(rename|renameat|renameat2|unlink|unlinkat|link|linkat|symlink|symlinkat|mkdir|mkdirat|rmdir|mknod|"
            "mknodat|"
            "chmod|fchmod|fchmodat|fchmodat2|chown|fchown|lchown|fchownat|utime|utimes|utimensat|futimesat|truncate|"
            "ftruncate|fallocate|f?l?setxattr|f?l?removexattr|write|writev|pwrite64|pwritev|pwritev2|copy_file_range|"
            "sendfile|splice|fsync|fdatasync|sync_file_range|flock|ioctl)\\("));
        static const QRegularExpression locking(QStringLiteral("F_(OFD_)?SETLKW?|F_SETLEASE|F_NOTIFY"));
        static const QRegularExpression special(QStringLiteral("pipe\\.db|device\\.db"));

        QStringList wrong;
        int opened = 0;
        for (const QString &call : callsBelowTree(arguments(command))) {
            const bool isOpen = call.contains(opens);
            opened += isOpen ? 1 : 0;
            if (isOpen && call.contains(writing))
                wrong.append(QStringLiteral("opened to be written: ") + call);
            if (isOpen && call.contains(special) && !call.contains(QStringLiteral("O_PATH")))
                wrong.append(QStringLiteral("no file, yet opened: ") + call);
            if (call.contains(changing) && !call.startsWith(QStringLiteral("write(1")))
                wrong.append(QStringLiteral("changed: ") + call);
            if (call.contains(locking))
                wrong.append(QStringLiteral("locked: ") + call);
        }
        QVERIFY2(wrong.isEmpty(), qPrintable(wrong.join(u'\n').left(4000)));
        QVERIFY(opened >= 7); // the trace shows what it should show
    }

    /// The test has to see what it looks for.
    void whatActsIsSeen()
    {
        QStringList calls = callsBelowTree(
            {QStringLiteral("journal"), QStringLiteral("wal"), test::text(m_tree->path() / "rollback.db")});
        calls = calls.filter(QRegularExpression(QStringLiteral("^openat.*O_RDWR|^pwrite64|F_SETLK")));
        QVERIFY2(calls.size() >= 3, qPrintable(calls.join(u'\n')));
    }
};

QTEST_GUILESS_MAIN(TestStrace)
#include "tst_strace.moc"
