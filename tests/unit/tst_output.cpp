// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/nearest.h"
#include "cli/arguments.h"
#include "cli/output.h"
#include "cli/records.h"

#include <QTest>

using namespace lk;
using cli::Format;
using cli::Record;

class OutputTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void csvCells_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("expected");

        const auto row = [](const char *name, const char *text, const char *expected) {
            QTest::newRow(name) << QByteArray(text) << QByteArray(expected);
        };
        row("plain", "shop.db", "shop.db");
        row("empty", "", "");
        row("a comma is quoted", "a,b", "\"a,b\"");
        row("quotes are doubled", "a\"b", "\"a\"\"b\"");
        row("a line break is quoted", "a\nb", "\"a\nb\"");
        row("a formula is defused", "=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0");
        row("a plus is defused", "+1", "'+1");
        row("a minus is defused", "-1.db", "'-1.db");
        row("an at is defused", "@SUM(1)", "'@SUM(1)");
        row("a tab is defused", "\tx", "'\tx");
        row("a carriage return is defused and quoted", "\rx", "\"'\rx\"");
        row("defused inside the quotes", "=1,2", "\"'=1,2\"");
        row("not in the middle", "a=1", "a=1");
    }

    void csvCells()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, expected);
        QCOMPARE(QByteArray::fromStdString(cli::csvCell(text.toStdString())), expected);
    }

    void csvNumbersAreNotDefused()
    {
        QCOMPARE(cli::csvCell(-1), std::string("-1"));
        QCOMPARE(cli::csvCell(nullptr), std::string());
        QCOMPARE(cli::csvCell(Record::array({"a", "b"})), std::string("a; b"));
        QCOMPARE(cli::csvCell(Record::array({"=a", "b"})), std::string("'=a; b"));
    }

    void csvHasAHeaderEvenWithoutRecords()
    {
        cli::Layout layout;
        layout.csv = {"path", "error.code"};
        QCOMPARE(written(Format::Csv, layout, {}), std::string("path,error.code\n"));
    }

    void csvReachesIntoFields()
    {
        cli::Layout layout;
        layout.csv = {"path", "error.code", "size"};
        const std::vector<Record> records = {{{"path", "/a"}, {"error", {{"code", "busy"}}}},
                                             {{"path", "/b"}, {"error", nullptr}, {"size", 7}}};
        QCOMPARE(written(Format::Csv, layout, records), std::string("path,error.code,size\n/a,busy,\n/b,,7\n"));
    }

    void jsonIsAListOrAnObjectAroundOne()
    {
        const std::vector<Record> records = {{{"path", "/a"}}, {{"path", "/b"}}};
        QCOMPARE(written(Format::Json, {}, {}), std::string("[\n]\n"));
        QCOMPARE(written(Format::Json, {}, records), std::string("[\n{\"path\":\"/a\"},\n{\"path\":\"/b\"}\n]\n"));
        cli::Layout layout;
        layout.list = "databases";
        const std::string text = written(Format::Json, layout, records, {{"files", 2}});
        QCOMPARE(text, std::string("{\"databases\": [\n{\"path\":\"/a\"},\n{\"path\":\"/b\"}\n],\n\"files\": 2}\n"));
        QVERIFY(Record::accept(text));
        QVERIFY(Record::accept(written(Format::Json, layout, {}, {{"files", 0}})));
    }

    void jsonLinesComeAtOnce()
    {
        std::string text;
        const auto writer = cli::makeWriter(Format::JsonLines, {}, [&](std::string_view part) { text += part; });
        writer->write({{"path", "/a"}});
        QCOMPARE(text, std::string("{\"path\":\"/a\"}\n"));
    }

    void jsonKeepsControlCharactersFromTheTerminal()
    {
        const std::string text = "a\x1b[31m\x7f\xC2\x9B"
                                 "31m\nb\xff";
        const std::string line = cli::jsonLine(text);
        QCOMPARE(line, std::string("\"a\\u001b[31m\\u007f\\u009b31m\\nb\xEF\xBF\xBD\""));
        QCOMPARE(Record::parse(line).get<std::string>(), std::string("a\x1b[31m\x7f\xC2\x9B"
                                                                     "31m\nb\xEF\xBF\xBD"));
    }

    void tablesEscapeWhatSpeaksToTheTerminal()
    {
        cli::Layout layout;
        layout.table = {{"NAME", false, [](const Record &record) { return record.at("name").get<std::string>(); }}};
        layout.details = [](const Record &) { return std::vector<std::string>{"more\x1b[0m"}; };
        QCOMPARE(written(Format::Table, layout, {{{"name", "a\x1b]0;x\x07\nb\xff"}}}),
                 std::string("NAME\na\\x1b]0;x\\x07\\nb\xEF\xBF\xBD\n    more\\x1b[0m\n"));
    }

    void tablesAlign()
    {
        cli::Layout layout;
        const auto cell = [](const char *name) {
            return [name](const Record &record) { return cli::plainText(record.at(name)); };
        };
        layout.table = {{"N", false, cell("name")}, {"SIZE", true, cell("size")}, {"PATH", false, cell("path")}};
        const std::vector<Record> records = {{{"name", "é"}, {"size", 5}, {"path", "/a"}},
                                             {{"name", "long"}, {"size", nullptr}, {"path", "/b"}}};
        QCOMPARE(written(Format::Table, layout, records), std::string("N     SIZE  PATH\n"
                                                                      "é        5  /a\n"
                                                                      "long     –  /b\n"));
        QCOMPARE(written(Format::Table, layout, {}), std::string());
    }

    void aPathIsTextAndOnlyThenBytes()
    {
        const Record plain = cli::pathRecord("/a/ü.db");
        QCOMPARE(plain.at("path").get<std::string>(), std::string("/a/ü.db"));
        QVERIFY(!plain.contains("path_base64"));
        const Record odd = cli::pathRecord("/a/\xff.db");
        QCOMPARE(odd.at("path").get<std::string>(), std::string("/a/\xEF\xBF\xBD.db"));
        QCOMPARE(QByteArray::fromBase64(QByteArray::fromStdString(odd.at("path_base64").get<std::string>())),
                 QByteArray("/a/\xff.db"));
    }

    void aReportsPathsAreBytesToo()
    {
        operations::Report report;
        report.fields = {{"backup", std::string("/b/\xff.db")}, {"pages", std::int64_t(3)}, {"made", {}}};
        const Record record = cli::reportRecord("/a", report, false);
        QCOMPARE(record.at("status").get<std::string>(), std::string("done"));
        QVERIFY(record.at("error").is_null() && record.at("made").is_null());
        QVERIFY(record.contains("backup_base64") && !record.contains("pages_base64"));
        QVERIFY(!record.contains("dry_run"));
        QVERIFY(cli::reportRecord("/a", report, true).at("dry_run").get<bool>());
    }

    void csvColumnsAreTheRecordsFields()
    {
        inspect::DatabaseFacts facts;
        facts.path = "/a/\xff";
        facts.seen.stored = sqlite::Header();
        facts.seen.wal = sqlite::WalSummary();
        facts.lookError = Error();
        const Record record = cli::infoRecord(facts);
        for (const std::string &field : cli::infoFields()) {
            const std::string top = field.substr(0, field.find('.'));
            QVERIFY2(record.contains(top), field.c_str());
        }
        const Record scanned = cli::scanRecord(facts);
        const std::vector<std::string> fields = cli::scanFields();
        for (const auto &[name, value] : scanned.items()) {
            QVERIFY2(std::ranges::find(fields, name) != fields.end(), name.c_str());
        }
    }

    void wrongOptionsAreAnsweredWithTheNearest_data()
    {
        QTest::addColumn<QString>("given");
        QTest::addColumn<QString>("expected");

        QTest::newRow("a letter is missing") << "--thorogh"
                                             << "--thorough";
        QTest::newRow("two letters are swapped") << "--formta"
                                                 << "--format";
        QTest::newRow("only its beginning") << "--cross"
                                            << "--cross-filesystems";
        QTest::newRow("nothing is near") << "--zebra"
                                         << "";
    }

    void wrongOptionsAreAnsweredWithTheNearest()
    {
        QFETCH(QString, given);
        QFETCH(QString, expected);
        const std::vector<std::string> known = {"--format", "--thorough", "--cross-filesystems", "-0"};
        QCOMPARE(QString::fromStdString(text::nearest(given.toStdString(), known)), expected);
    }

    void wordsBesideTheOptionsStayAsTheyAre()
    {
        CLI::App app;
        bool quick = false;
        app.add_flag("--quick", quick);
        const auto parsed = cli::parse(app, {"[a,b]", "{}", "--quick", "", "%%", "-", "--", "--quick", "-x", "--"});
        QVERIFY(parsed);
        const std::vector<std::string> expected = {"[a,b]", "{}", "", "%%", "-", "--quick", "-x", "--"};
        QCOMPARE(parsed->words, expected);
        QVERIFY(quick);
    }

private:
    static std::string written(Format format, const cli::Layout &layout, const std::vector<Record> &records,
                               const Record &more = {})
    {
        std::string text;
        const auto writer = cli::makeWriter(format, layout, [&](std::string_view part) { text += part; });
        for (const Record &record : records)
            writer->write(record);
        writer->finish(more);
        return text;
    }
};

QTEST_GUILESS_MAIN(OutputTest)
#include "tst_output.moc"
