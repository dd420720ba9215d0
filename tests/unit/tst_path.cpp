// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/path.h"

#include <QRegularExpression>
#include <QTest>

using namespace lk;

class TestPath : public QObject
{
    Q_OBJECT

    static std::string bytesOf(const QByteArray &array) { return array.toStdString(); }

private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral("."))); }

    void utf8_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<bool>("wellFormed");
        QTest::addColumn<QByteArray>("shown");

        const QByteArray mark = "\xEF\xBF\xBD";
        QTest::newRow("nothing") << QByteArray() << true << QByteArray();
        QTest::newRow("ASCII") << QByteArray("a.db") << true << QByteArray("a.db");
        QTest::newRow("two, three and four bytes") << QByteArray("ü€😀") << true << QByteArray("ü€😀");
        QTest::newRow("Latin-1") << QByteArray("\xFC.db") << false << mark + ".db";
        QTest::newRow("each byte that is none has its mark") << QByteArray("\xFF\xFE") << false << mark + mark;
        QTest::newRow("a continuation without a start") << QByteArray("\x80") << false << mark;
        QTest::newRow("cut off at the end") << QByteArray("a\xE2\x82") << false << "a" + mark + mark;
        QTest::newRow("cut off in the middle") << QByteArray("\xE2\x82z") << false << mark + mark + "z";
        QTest::newRow("an overlong slash") << QByteArray("\xC0\xAF") << false << mark + mark;
        QTest::newRow("overlong in three bytes") << QByteArray("\xE0\x80\xAF") << false << mark + mark + mark;
        QTest::newRow("a surrogate") << QByteArray("\xED\xA0\x80") << false << mark + mark + mark;
        QTest::newRow("the last code point")
            << QByteArray("\xF4\x8F\xBF\xBF") << true << QByteArray("\xF4\x8F\xBF\xBF");
        QTest::newRow("one beyond it") << QByteArray("\xF4\x90\x80\x80") << false << mark + mark + mark + mark;
    }
    void utf8()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(bool, wellFormed);
        QFETCH(QByteArray, shown);
        QCOMPARE(path::isUtf8(bytesOf(bytes)), wellFormed);
        QCOMPARE(QByteArray::fromStdString(path::toUtf8(bytesOf(bytes))), shown);
    }

    void display_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QByteArray>("shown");

        const auto row = [](const char *name, const char *bytes, const char *shown) {
            QTest::newRow(name) << QByteArray(bytes) << QByteArray(shown);
        };
        row("an ordinary name stays", "/home/ü/a b's \"db\".sqlite", "/home/ü/a b's \"db\".sqlite");
        row("a line break", "a\nb\r\tc", "a\\nb\\r\\tc");
        row("a terminal's escape", "\x1b[31mred", "\\x1b[31mred");
        row("a control character of eight bits",
            "\xC2\x9B"
            "31m",
            "\\x9b31m");
        row("delete", "\x7f", "\\x7f");
        row("right to left",
            "a\xE2\x80\xAE"
            "bd.exe",
            "a\\u202ebd.exe");
        row("an isolate", "\xE2\x81\xA6", "\\u2066");
        row("Unicode's line separator", "\xE2\x80\xA8", "\\u2028");
        row("a byte order mark", "\xEF\xBB\xBF", "\\ufeff");
        row("not UTF-8", "\xFF", "\xEF\xBF\xBD");
    }
    void display()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QByteArray, shown);
        QCOMPARE(QByteArray::fromStdString(path::display(bytesOf(bytes))), shown);
        QCOMPARE(QByteArray::fromStdString(path::display(Path(bytesOf(bytes)))), shown);
    }

    void name_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QByteArray>("last");

        QTest::newRow("absolute") << QByteArray("/a/b.db") << QByteArray("b.db");
        QTest::newRow("alone") << QByteArray("b.db") << QByteArray("b.db");
        QTest::newRow("a folder's, with its slash, has none") << QByteArray("/a/") << QByteArray();
        QTest::newRow("not UTF-8") << QByteArray("/\xFF/\xFE") << QByteArray("\xFE");
    }
    void name()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QByteArray, last);
        QCOMPARE(QByteArray::fromStdString(std::string(path::name(bytesOf(bytes)))), last);
    }
};

QTEST_GUILESS_MAIN(TestPath)
#include "tst_path.moc"
