// SPDX-License-Identifier: GPL-3.0-or-later
#include "sqlite/header.h"

#include <QTest>

#include <cstring>

using namespace lk;
using namespace lk::sqlite;

/// A header as SQLite 3.40.1 writes it, with \a value in big-endian order at \a offset.
static QByteArray headerWith(int offset, quint32 value, int size = 4)
{
    QByteArray bytes(100, '\0');
    std::memcpy(bytes.data(), "SQLite format 3", 16);
    bytes[16] = 0x10; // 4096
    bytes[18] = bytes[19] = 1;
    bytes[21] = 64;
    bytes[22] = bytes[23] = 32;
    for (int i = 0; i < size; ++i)
        bytes[offset + i] = static_cast<char>(value >> (8 * (size - 1 - i)));
    return bytes;
}

static Bytes span(const QByteArray &bytes)
{
    return std::as_bytes(std::span(bytes.constData(), static_cast<std::size_t>(bytes.size())));
}

class TestHeader : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void pageSize_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<quint32>("expected");

        QTest::newRow("smallest") << headerWith(16, 512, 2) << 512u;
        QTest::newRow("largest power of two that fits") << headerWith(16, 32768, 2) << 32768u;
        QTest::newRow("stored 1 means 64 KiB") << headerWith(16, 1, 2) << 65536u;
        QTest::newRow("nonsense is shown, not hidden") << headerWith(16, 777, 2) << 777u;
    }
    void pageSize()
    {
        QFETCH(QByteArray, bytes);
        QTEST(parseHeader(span(bytes))->pageSize, "expected");
    }

    void everyFieldIsReadWhereTheFormatPutsIt()
    {
        const auto read = [](int offset, quint32 value, int size = 4) {
            return *parseHeader(span(headerWith(offset, value, size)));
        };
        QCOMPARE(read(18, 2, 1).writeVersion, 2);
        QCOMPARE(read(19, 2, 1).readVersion, 2);
        QCOMPARE(read(20, 12, 1).reservedBytes, 12);
        QCOMPARE(read(21, 63, 1).maxPayloadFraction, 63);
        QCOMPARE(read(22, 31, 1).minPayloadFraction, 31);
        QCOMPARE(read(23, 30, 1).leafPayloadFraction, 30);
        QCOMPARE(read(24, 0x01020304).changeCounter, 0x01020304u);
        QCOMPARE(read(28, 0xfffffffe).pageCount, 0xfffffffeu);
        QCOMPARE(read(32, 7).freelistTrunk, 7u);
        QCOMPARE(read(36, 8).freelistPages, 8u);
        QCOMPARE(read(40, 9).schemaCookie, 9u);
        QCOMPARE(read(44, 4).schemaFormat, 4u);
        QCOMPARE(read(48, 0xffffffff).defaultCacheSize, -1);
        QCOMPARE(read(52, 3).largestRootPage, 3u);
        QCOMPARE(read(56, 2).textEncoding, 2u);
        QCOMPARE(read(60, 42).userVersion, 42u);
        QCOMPARE(read(64, 1).incrementalVacuum, 1u);
        QCOMPARE(read(68, 0x47504b47).applicationId, 0x47504b47u);
        QCOMPARE(read(92, 5).versionValidFor, 5u);
        QCOMPARE(read(96, 3040001).writerVersion, 3040001u);
    }

    void walIsBothVersionsTwo()
    {
        QByteArray bytes = headerWith(18, 2, 1);
        QVERIFY(!parseHeader(span(bytes))->isWal());
        bytes[19] = 2;
        QVERIFY(parseHeader(span(bytes))->isWal());
    }

    void pageCountCountsOnlyWhileTheCountersAgree()
    {
        QByteArray bytes = headerWith(28, 10);
        QVERIFY(parseHeader(span(bytes))->pageCountIsCurrent()); // both counters 0
        bytes[27] = 1;                                           // a writer before 3.7.0 came by
        QVERIFY(!parseHeader(span(bytes))->pageCountIsCurrent());
        bytes[95] = 1;
        QVERIFY(parseHeader(span(bytes))->pageCountIsCurrent());
        bytes[31] = 0;
        QVERIFY(!parseHeader(span(bytes))->pageCountIsCurrent());
    }

    void anythingElseIsAnError_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<int>("code");

        QTest::newRow("nothing") << QByteArray() << int(ErrorCode::NotADatabase);
        QTest::newRow("15 of the 16 magic bytes") << headerWith(28, 0).left(15) << int(ErrorCode::NotADatabase);
        QTest::newRow("99 bytes") << headerWith(28, 0).left(99) << int(ErrorCode::Damaged);
        QTest::newRow("magic with another end") << headerWith(15, ' ', 1) << int(ErrorCode::NotADatabase);
        QTest::newRow("SQLite 2")
            << QByteArray("** This file contains an SQLite 2.1 database **").leftJustified(1024, '\0')
            << int(ErrorCode::NotADatabase);
    }
    void anythingElseIsAnError()
    {
        QFETCH(QByteArray, bytes);
        const auto header = parseHeader(span(bytes));
        QVERIFY(!header);
        QTEST(int(header.error().code), "code");
    }
};

QTEST_APPLESS_MAIN(TestHeader)
#include "tst_header.moc"
