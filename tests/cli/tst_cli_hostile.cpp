// SPDX-License-Identifier: GPL-3.0-or-later
// Files that were made to hurt: each may make its own record say so, and nothing else (safety.md, promise 6).
#include "cli/program.h"
#include "support/dbbuilder.h"
#include "support/shared.h"
#include "support/temptree.h"

#include <QRegularExpression>
#include <QTest>

#include <filesystem>

#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

using namespace lk;
using namespace lk::test;

using Words = std::vector<std::string>;

#if defined(__SANITIZE_ADDRESS__)
static constexpr long MostMemory = 4L << 20; // its own shadow counts, too
#else
static constexpr long MostMemory = 300L << 10; // KiB
#endif

/// Commands that only look.
static const std::map<std::string, Words> Looks{
    {"info", {"info"}},         {"info in full", {"info", "--space", "--schema"}},
    {"check", {"check"}},       {"quick check", {"check", "--quick"}},
    {"rehearse", {"rehearse"}}, {"advise", {"advise"}},
    {"doctor", {"doctor"}},
};

/// An expression that turns a few bytes into megabytes, many times over.
static std::string expensive()
{
    std::string expression = "hex(zeroblob(200000 + a))";
    for (int i = 0; i < 10; ++i)
        expression =
            "replace(" + expression + ",'" + std::to_string(i % 10) + "','" + std::to_string((i + 1) % 10) + "')";
    std::string sum = "0";
    for (int i = 0; i < 20; ++i)
        sum += "+length(" + expression + ')';
    return sum;
}

static std::string rowsOf(int count)
{
    std::string values = "(1)";
    for (int i = 1; i < count; ++i)
        values += ",(1)";
    return "INSERT INTO b(a) VALUES" + values + ';';
}

static void makeBomb(const Path &path, const std::string &sql)
{
    makeDatabase(path, {.rows = 1, .moreSql = sql});
}

static void randomBytes(const Path &path, std::size_t count)
{
    std::string bytes;
    for (unsigned number = 12345; bytes.size() < count; number = number * 1664525 + 1013904223)
        bytes += static_cast<char>(number >> 24);
    writeFile(path, bytes);
}

struct Hostile
{
    const char *name;
    void (*make)(const Path &path);
};

static const Hostile Files[] = {
    {"a CHECK that asks for gigabytes",
     [](const Path &path) {
         makeBomb(path, "CREATE TABLE b(a, CHECK(length(hex(zeroblob(a))) >= 0)); PRAGMA ignore_check_constraints=on;"
                        "INSERT INTO b VALUES(400000000),(450000000)");
     }},
    {"a CHECK that takes hours",
     [](const Path &path) {
         makeBomb(path, "PRAGMA ignore_check_constraints=on; CREATE TABLE b(a, CHECK(" + expensive() + " >= 0));" +
                            rowsOf(500));
     }},
    {"a generated column that takes hours",
     [](const Path &path) {
         makeBomb(path, "CREATE TABLE b(a);" + rowsOf(500) + "ALTER TABLE b ADD COLUMN g AS (" + expensive() + ")");
     }},
    {"a view without end",
     [](const Path &path) {
         makeBomb(path,
                  "CREATE VIEW b AS WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x+1 FROM c) SELECT * FROM c");
     }},
    {"views of views",
     [](const Path &path) {
         std::string sql = "CREATE VIEW v0 AS SELECT 1 AS a;";
         for (int i = 1; i <= 20; ++i) {
             const std::string before = "v" + std::to_string(i - 1);
             sql += "CREATE VIEW v" + std::to_string(i) + " AS SELECT x.a FROM " + before + " x, " + before + " y;";
         }
         makeBomb(path, sql);
     }},
    {"a header that claims a terabyte",
     [](const Path &path) {
         makeDatabase(path);
         patch(path, 28, {0x10, 0, 0, 0});
         std::filesystem::resize_file(path, std::uintmax_t(1) << 40);
     }},
    {"a table's name of a megabyte",
     [](const Path &path) { makeBomb(path, "CREATE TABLE \"" + std::string(900000, 'n') + "\"(a)"); }},
    {"two thousand columns",
     [](const Path &path) {
         std::string sql = "CREATE TABLE b(c0";
         for (int i = 1; i < 2000; ++i)
             sql += ",c" + std::to_string(i);
         makeBomb(path, sql + ")");
     }},
    {"a thousand tables",
     [](const Path &path) {
         std::string sql = "BEGIN;";
         for (int i = 0; i < 1000; ++i)
             sql += "CREATE TABLE b" + std::to_string(i) + "(a UNIQUE, c REFERENCES t);";
         makeBomb(path, sql + "COMMIT");
     }},
    {"a -wal of noise",
     [](const Path &path) {
         makeDatabase(path, {.journalMode = "wal"});
         randomBytes(withSuffix(path, "-wal"), 100000);
     }},
    {"a -journal of noise",
     [](const Path &path) {
         makeDatabase(path);
         randomBytes(withSuffix(path, "-journal"), 100000);
     }},
    {"a -shm of noise",
     [](const Path &path) {
         makeCrashedWal(path);
         randomBytes(withSuffix(path, "-shm"), 32768);
     }},
    {"another database's -wal",
     [](const Path &path) {
         const Path other = path.parent_path() / "other";
         makeCrashedWal(other, {.pageSize = 1024});
         makeDatabase(path);
         std::filesystem::rename(withSuffix(other, "-wal"), withSuffix(path, "-wal"));
         std::filesystem::remove(other);
     }},
    {"a -wal that is a folder",
     [](const Path &path) {
         makeDatabase(path, {.journalMode = "wal"});
         std::filesystem::create_directory(withSuffix(path, "-wal"));
     }},
    {"a -wal that is a pipe",
     [](const Path &path) {
         makeDatabase(path, {.journalMode = "wal"});
         ::mkfifo(withSuffix(path, "-wal").c_str(), 0600);
     }},
    {"a -journal that leads elsewhere",
     [](const Path &path) {
         makeDatabase(path);
         std::filesystem::create_symlink("/etc/passwd", withSuffix(path, "-journal"));
     }},
    {"an empty file with a -wal",
     [](const Path &path) {
         makeCrashedWal(path);
         cutTo(path, 0);
     }},
};

class CliHostileTest : public QObject
{
    Q_OBJECT

    TempTree m_tree;
    int m_count = 0;

    Path folder() { return m_tree.folder("f" + std::to_string(++m_count)); }
    static void eachFileAndLook()
    {
        QTest::addColumn<int>("file");
        QTest::addColumn<QByteArray>("look");
        for (int i = 0; i < int(std::size(Files)); ++i) {
            for (const auto &[look, words] : Looks)
                QTest::addRow("%s, %s", Files[i].name, look.c_str()) << i << QByteArray::fromStdString(look);
        }
    }
    static Ran look(const QByteArray &look, const Path &path)
    {
        Words words = Looks.at(look.toStdString());
        words.insert(words.end(), {"--format", "json", path.native()});
        return runCli(words);
    }
    /// Of the hungriest run so far, in KiB.
    static long memory()
    {
        rusage usage{};
        ::getrusage(RUSAGE_CHILDREN, &usage);
        return usage.ru_maxrss;
    }

private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void itEndsWithARecordAndWithoutATrace_data() { eachFileAndLook(); }
    void itEndsWithARecordAndWithoutATrace()
    {
        QFETCH(int, file);
        QFETCH(QByteArray, look);
        const Path path = folder() / "h.db";
        Files[file].make(path);
        const bool huge = std::filesystem::file_size(path) > (1u << 30); // not to be hashed
        const std::optional<TreeSnapshot> before =
            huge ? std::nullopt : std::optional<TreeSnapshot>(path.parent_path());
        const Ran ran = CliHostileTest::look(look, path);
        QVERIFY2(ran.status == 0 || ran.status == 1, ran.err.constData());
        QCOMPARE(ran.records().size(), 1);
        QVERIFY2(memory() <= MostMemory, qPrintable(QString::number(memory()) + QStringLiteral(" KiB")));
        if (before)
            QCOMPARE(before->difference(TreeSnapshot(path.parent_path())), std::string());
    }

    void whatCostsTooMuchIsCalledSo_data()
    {
        QTest::addColumn<int>("file");
        QTest::newRow("memory") << 0;
        QTest::newRow("time") << 1;
    }
    void whatCostsTooMuchIsCalledSo()
    {
        QFETCH(int, file);
        const Path path = folder() / "h.db";
        Files[file].make(path);
        const QJsonObject record = look("check", path).records().at(0).toObject();
        QCOMPARE(record[QLatin1String("verdict")].toString(), QStringLiteral("unchecked"));
        QVERIFY(record[QLatin1String("error")].toObject()[QLatin1String("message")].toString().contains(
            QLatin1String("more time or memory than a file may cost")));
    }

    void whatIsNoFileIsNotOpened_data()
    {
        QTest::addColumn<QByteArray>("kind");
        for (const char *kind : {"pipe", "socket", "folder", "device", "link to a device"})
            QTest::newRow(kind) << QByteArray(kind);
    }
    void whatIsNoFileIsNotOpened()
    {
        QFETCH(QByteArray, kind);
        const Path path = folder() / "x.db";
        if (kind == "pipe") {
            QCOMPARE(::mkfifo(path.c_str(), 0600), 0);
        } else if (kind == "socket") {
            sockaddr_un address{.sun_family = AF_UNIX, .sun_path = {}};
            const std::string name = path.native().substr(0, sizeof address.sun_path - 1);
            name.copy(address.sun_path, name.size());
            const int socket = ::socket(AF_UNIX, SOCK_STREAM, 0);
            QCOMPARE(::bind(socket, reinterpret_cast<sockaddr *>(&address), sizeof address), 0);
            ::close(socket);
        } else if (kind == "folder") {
            std::filesystem::create_directory(path);
        } else if (kind == "device") {
            if (::mknod(path.c_str(), S_IFCHR | 0600, 1 << 8 | 5) != 0)
                QSKIP("NOT TESTED: only root may make a device");
        } else {
            std::filesystem::create_symlink("/dev/zero", path);
        }
        for (const auto &[look, words] : Looks) {
            const Ran ran = CliHostileTest::look(QByteArray::fromStdString(look), path);
            QCOMPARE(ran.status, 1);
            QVERIFY(!ran.records().at(0).toObject()[QLatin1String("error")].isNull());
        }
        QCOMPARE(runCli({"scan", "-0", path.parent_path().native()}).out, QByteArray());
    }

    /// 220 images from fuzzers and damaged by hand.
    void malformedImagesGetARecordEach_data()
    {
        QTest::addColumn<QByteArray>("look");
        for (const auto &[look, words] : Looks)
            QTest::addRow("%s", look.c_str()) << QByteArray::fromStdString(look);
    }
    void malformedImagesGetARecordEach()
    {
        LK_NEEDS_SHARED(corpus, "corpus/malformed");
        QFETCH(QByteArray, look);
        const Path copies = folder();
        copyFolder(corpus, copies);
        Words words = Looks.at(look.toStdString());
        words.insert(words.end(), {"--format", "json"});
        int images = 0;
        for (const auto &entry : std::filesystem::recursive_directory_iterator(copies)) {
            if (entry.is_regular_file())
                words.push_back(entry.path().native()), ++images;
        }
        const TreeSnapshot before(copies);
        const Ran ran = runCli(words);
        QVERIFY2(ran.status == 0 || ran.status == 1, ran.err.constData());
        QCOMPARE(ran.records().size(), images);
        QCOMPARE(before.difference(TreeSnapshot(copies)), std::string());
        QVERIFY2(memory() <= MostMemory, qPrintable(QString::number(memory()) + QStringLiteral(" KiB")));
    }
};

QTEST_GUILESS_MAIN(CliHostileTest)
#include "tst_cli_hostile.moc"
