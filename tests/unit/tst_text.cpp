// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/text.h"

#include <QRegularExpression>
#include <QTest>

#include <limits>

using namespace lk;

class TestText : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral("."))); }

    void bytes_data()
    {
        QTest::addColumn<quint64>("count");
        QTest::addColumn<QString>("expected");

        const auto row = [](const char *name, quint64 count, const char *expected) {
            QTest::newRow(name) << count << QString::fromUtf8(expected);
        };
        row("nothing", 0, "0 B");
        row("one byte", 1, "1 B");
        row("a sector", 512, "512 B");
        row("the last one without a unit", 1023, "1023 B");
        row("the first KiB", 1024, "1.0 KiB");
        row("a decimal where it matters", 1229, "1.2 KiB");
        row("the last one with a decimal", 10188, "9.9 KiB");
        row("rounded up to two digits, without one", 10189, "10 KiB");
        row("no decimal where it doesn't", 48 * 1024, "48 KiB");
        row("rounding carries into the next unit", 1024 * 1024 - 1, "1.0 MiB");
        row("a page of the largest size", 65536, "64 KiB");
        row("the largest database", 281474976579584ull, "256 TiB");
        row("the largest number", std::numeric_limits<quint64>::max(), "16 EiB");
    }
    void bytes()
    {
        QFETCH(quint64, count);
        QFETCH(QString, expected);
        QCOMPARE(QString::fromStdString(text::bytes(count)), expected);
    }

    void count_data()
    {
        QTest::addColumn<quint64>("number");
        QTest::addColumn<QString>("expected");

        const auto row = [](const char *name, quint64 number, const char *expected) {
            QTest::newRow(name) << number << QString::fromUtf8(expected).replace(u' ', QChar(0x2009));
        };
        row("nothing", 0, "0");
        row("three digits need no group", 999, "999");
        row("four do", 1000, "1 000");
        row("six", 120431, "120 431");
        row("seven", 1214093, "1 214 093");
        row("the largest", std::numeric_limits<quint64>::max(), "18 446 744 073 709 551 615");
    }
    void count()
    {
        QFETCH(quint64, number);
        QFETCH(QString, expected);
        QCOMPARE(QString::fromStdString(text::count(number)), expected);
    }

    void isoTime_data()
    {
        QTest::addColumn<qint64>("nanoseconds");
        QTest::addColumn<QString>("expected");

        const auto row = [](const char *name, qint64 nanoseconds, const char *expected) {
            QTest::newRow(name) << nanoseconds << QString::fromUtf8(expected);
        };
        row("the epoch", 0, "1970-01-01T00:00:00Z");
        row("parts of a second are cut off", 999'999'999, "1970-01-01T00:00:00Z");
        row("before the epoch, too, downwards", -1, "1969-12-31T23:59:59Z");
        row("a leap day", 1'709'164'800'000'000'000, "2024-02-29T00:00:00Z");
        row("today", 1'795'354'615'123'456'789, "2026-11-22T13:36:55Z");
        row("beyond 32 bits", 4'102'444'800'000'000'000, "2100-01-01T00:00:00Z");
        row("the first that can be said", std::numeric_limits<qint64>::min(), "1677-09-21T00:12:43Z");
        row("the last that can be said", std::numeric_limits<qint64>::max(), "2262-04-11T23:47:16Z");
    }
    void isoTime()
    {
        QFETCH(qint64, nanoseconds);
        QFETCH(QString, expected);
        QCOMPARE(QString::fromStdString(text::isoTime(nanoseconds)), expected);
    }

    void sqliteVersion_data()
    {
        QTest::addColumn<uint>("number");
        QTest::addColumn<QString>("expected");

        QTest::newRow("today's") << 3040001u << QStringLiteral("3.40.1");
        QTest::newRow("two digits in each") << 3051003u << QStringLiteral("3.51.3");
        QTest::newRow("none was stored") << 0u << QStringLiteral("0.0.0");
        QTest::newRow("nonsense is shown") << 0xffffffffu << QStringLiteral("4294.967.295");
    }
    void sqliteVersion()
    {
        QFETCH(uint, number);
        QFETCH(QString, expected);
        QCOMPARE(QString::fromStdString(text::sqliteVersion(number)), expected);
    }
};

QTEST_GUILESS_MAIN(TestText)
#include "tst_text.moc"
