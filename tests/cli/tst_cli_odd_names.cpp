// SPDX-License-Identifier: GPL-3.0-or-later
// A path is bytes, for every command.
#include "cli/program.h"
#include "support/dbbuilder.h"
#include "support/temptree.h"

#include <QRegularExpression>
#include <QTest>

#include <set>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace lk;
using namespace lk::test;

Q_DECLARE_METATYPE(std::string)

class CliOddNamesTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        makeDatabase(m_template);
        m_database = readFile(m_template);
    }

    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void everyCommandTakesIt_data() { names(); }

    void everyCommandTakesIt()
    {
        QFETCH(std::string, name);
        TempTree tree;
        const Path path = tree.file(name, m_database);
        const std::string root = tree.path().native();

        QCOMPARE(runCli({"scan", "-0", root}).out, QByteArray::fromStdString(path.native() + '\0'));
        const QJsonArray scanned = runCli({"scan", "--format", "json", root}).records();
        QCOMPARE(scanned.size(), 1);
        QCOMPARE(pathOf(scanned.at(0).toObject()), path.native());
        QCOMPARE(scanned.at(0).toObject().contains(QLatin1String("path_base64")), !path::isUtf8(name));

        const TreeSnapshot before(tree.path());
        for (const char *command : {"info", "check"}) {
            const Ran absolute = runCli({command, "--format", "json", path.native()});
            QVERIFY2(absolute.status == 0, (absolute.out + absolute.err).constData());
            QCOMPARE(pathOf(absolute.records().at(0).toObject()), path.native());
            // As a person in that folder types it.
            const Ran relative = runCli({command, "--format", "jsonl", "--", name}, tree.path());
            QVERIFY2(relative.status == 0, (relative.out + relative.err).constData());
            QCOMPARE(pathOf(relative.lines().at(0).toObject()), path.native());
        }
        QCOMPARE(before.difference(TreeSnapshot(tree.path())), std::string());
    }

    /// Python's csv and json modules read what was printed, and find the very bytes.
    void anotherParserReadsItBack_data()
    {
        QTest::addColumn<QByteArray>("format");
        QTest::addColumn<QByteArray>("reader");
        // A name that a spreadsheet would compute has a ' before it; what isn't UTF-8 stands in path_base64.
        QTest::newRow("CSV") << QByteArray("csv")
                             << QByteArray(
                                    "import csv\nrecords = list(csv.DictReader(sys.stdin, strict=True))\n"
                                    "for r in records:\n    if r['path'][:1] == \"'\": r['path'] = r['path'][1:]\n");
        QTest::newRow("JSON") << QByteArray("json")
                              << QByteArray("import json\nrecords = json.load(sys.stdin)['databases']\n");
        QTest::newRow("JSON lines") << QByteArray("jsonl")
                                    << QByteArray("import json\nrecords = [json.loads(line) for line in sys.stdin]\n");
    }
    void anotherParserReadsItBack()
    {
        QFETCH(QByteArray, format);
        QFETCH(QByteArray, reader);
        TempTree tree;
        std::set<std::string> expected;
        for (const auto &[what, name] : oddNames())
            expected.insert(tree.file(name, m_database).native());
        const Ran ran = runCli({"scan", "--format", format.toStdString(), tree.path().native()});
        QProcess python;
        python.start(
            QStringLiteral("python3"),
            {QStringLiteral("-c"),
             QString::fromUtf8("import sys, base64\nsys.stdin.reconfigure(encoding='utf-8', newline='')\n" + reader +
                               "for r in records:\n"
                               "    b = r.get('path_base64')\n"
                               "    p = base64.b64decode(b) if b else r['path'].encode()\n"
                               "    sys.stdout.buffer.write(p + b'\\0')\n")});
        python.write(ran.out);
        python.closeWriteChannel();
        QVERIFY(python.waitForFinished());
        QVERIFY2(python.exitCode() == 0, python.readAllStandardError().constData());
        std::set<std::string> read;
        for (const QByteArray &path : python.readAllStandardOutput().split('\0')) {
            if (!path.isEmpty())
                read.insert(path.toStdString());
        }
        QVERIFY(read == expected);
    }

    void itCanBeActedOn_data() { names(); }

    void itCanBeActedOn()
    {
        QFETCH(std::string, name);
        TempTree tree;
        TempTree folder;
        const Path path = tree.file(name, m_database);
        const Ran wal = runCli({"journal", "--format", "json", "wal", "--", name}, tree.path());
        const Ran backup =
            runCli({"backup", "--to", folder.path().native(), "--format", "json", "--", name}, tree.path());
        if (path.native().size() > 512) {
            // SQLite's own limit for a file that it is to write: said, not tried.
            QCOMPARE(wal.status, 1);
            const QJsonObject error = wal.records().at(0).toObject().value(QLatin1String("error")).toObject();
            QCOMPARE(error.value(QLatin1String("code")).toString(), QStringLiteral("unsupported"));
            QCOMPARE(readFile(path), m_database);
        } else {
            QVERIFY2(wal.status == 0, (wal.out + wal.err).constData());
            QCOMPARE(readFile(path).substr(18, 2), std::string("\2\2"));
        }
        QVERIFY2(backup.status == 0, (backup.out + backup.err).constData());
        QVERIFY(runCli({"scan", "-0", folder.path().native()}).out.size() > 0);
    }

    void noNameSpeaksToTheTerminal_data() { names(); }

    void noNameSpeaksToTheTerminal()
    {
        QFETCH(std::string, name);
        TempTree tree;
        const Path path = tree.file(name, m_database);
        for (const char *format : {"table", "json", "jsonl"}) {
            for (const char *command : {"scan", "info", "check"}) {
                const Ran ran = runCli(
                    {command, "--format", format, (command == std::string("scan") ? tree.path() : path).native()});
                for (const char c : ran.out + ran.err)
                    QVERIFY2(c == '\n' || static_cast<unsigned char>(c) >= 0x20, ran.out.constData());
            }
        }
    }

    void beyondPathMaxItIsFoundAndLookedAt()
    {
        TempTree tree;
        const Path deep = deepFile(tree.path(), 30, 200);
        QVERIFY(deep.native().size() > 5000);
        QCOMPARE(runCli({"scan", "-0", tree.path().native()}).out, QByteArray::fromStdString(deep.native() + '\0'));
        const Ran info = runCli({"info", "--format", "json", deep.native()});
        QVERIFY2(info.status == 0, (info.out + info.err).constData());
        QCOMPARE(pathOf(info.records().at(0).toObject()), deep.native());
        QCOMPARE(info.records().at(0).toObject().value(QLatin1String("tables")).toInt(), 1);
        QCOMPARE(runCli({"check", deep.native()}).status, 0);
    }

private:
    static void names()
    {
        QTest::addColumn<std::string>("name");
        for (const auto &[what, name] : oddNames())
            QTest::newRow(what) << name;
    }

    static std::vector<std::pair<const char *, std::string>> oddNames()
    {
        std::vector<std::pair<const char *, std::string>> rows;
        const auto row = [&](const char *what, std::string name) { rows.emplace_back(what, std::move(name)); };
        row("spaces", " a  b .db ");
        row("quotes", "it's \"quoted\" `here`.db");
        row("a newline", "line\nbreak.db");
        row("only a newline", "\n");
        row("a tab and an escape", "a\tb\x1b[2Jc.db");
        row("a leading dash", "-rf.db");
        row("an option's name", "--format");
        row("two dashes", "--");
        row("a URI", "file:x.db?mode=memory&cache=shared#top");
        row("percent signs", "100%25%2F%00.db");
        row("question mark and hash", "what?is#this.db");
        row("a list for CLI11", "[a,b]");
        row("an empty list for CLI11", "{}");
        row("a comma", "a,b;c.db");
        row("a backslash", "a\\nb\\.db");
        row("a dollar and a star", "$HOME/*.db");
        row("a formula", "=cmd|'x'!A1");
        row("UTF-8", "Datenbänke 数据库 🗄.db");
        row("right-to-left override", "a\u202Ebd.db");
        row("bytes that are not UTF-8", "caf\xe9 \xff\xfe.db");
        row("half a UTF-8 character", "a\xe2\x82");
        row("a surrogate in UTF-8", "a\xed\xa0\x80.db");
        row("the longest name", std::string(244, 'n') + ".db");
        row("a path over 512 bytes",
            std::string(200, 'a') + '/' + std::string(200, 'b') + '/' + std::string(200, 'c') + "/x.db");
        return rows;
    }

    /// A database below \a depth folders with names of \a length bytes, made step by step.
    Path deepFile(const Path &root, int depth, std::size_t length) const
    {
        std::string path = root.native();
        int folder = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        const std::string name(length, 'd');
        for (int i = 0; i < depth; ++i) {
            ::mkdirat(folder, name.c_str(), 0700);
            const int next = ::openat(folder, name.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
            ::close(folder);
            folder = next;
            path += '/' + name;
        }
        const int file = ::openat(folder, "deep.db", O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
        const bool whole = ::write(file, m_database.data(), m_database.size()) == ssize_t(m_database.size());
        ::close(file);
        ::close(folder);
        return whole ? Path(path + "/deep.db") : Path();
    }

    TempTree m_tree;
    Path m_template = m_tree.path() / "template.db";
    std::string m_database;
};

QTEST_GUILESS_MAIN(CliOddNamesTest)
#include "tst_cli_odd_names.moc"
