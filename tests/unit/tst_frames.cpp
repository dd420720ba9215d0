// SPDX-License-Identifier: GPL-3.0-or-later
#include "operations/frames.h"

#include "operations/digest.h"
#include "support/dbbuilder.h"
#include "support/temptree.h"

#include <QProcess>
#include <QTest>

using namespace lk;
using namespace lk::operations;

class TestFrames : public QObject
{
    Q_OBJECT

    test::TempTree m_tree;
    int m_count = 0;

    Path packedOf(const Path &path)
    {
        const Path target = m_tree.path() / ("packed" + std::to_string(++m_count));
        auto writer = platform::FileWriter::open(target);
        if (!pack(path, *writer, {}))
            qFatal("packing failed");
        return target;
    }

    static Result<Packed> unpacked(const Path &path, std::string &content, std::uint64_t most = 1 << 30,
                                   std::stop_token stop = {})
    {
        return unpack(
            path, most,
            [&](std::span<const std::byte> bytes) -> Result<void> {
                content.append(reinterpret_cast<const char *>(bytes.data()), bytes.size());
                return {};
            },
            stop);
    }

    /// Twenty megabytes that do and don't compress: three frames.
    Path sample()
    {
        std::string content(20 << 20, 'a');
        std::uint32_t seed = 1;
        for (std::size_t i = 0; i < content.size() / 2; ++i)
            content[i] = static_cast<char>((seed = seed * 1664525 + 1013904223) >> 24);
        return m_tree.file("sample", content);
    }

private Q_SLOTS:
    void whatIsPackedComesOutAgain_data()
    {
        QTest::addColumn<int>("size");
        QTest::newRow("nothing") << 0;
        QTest::newRow("a byte") << 1;
        QTest::newRow("one frame exactly") << (8 << 20);
        QTest::newRow("a frame and a byte") << (8 << 20) + 1;
    }
    void whatIsPackedComesOutAgain()
    {
        QFETCH(int, size);
        const std::string content(static_cast<std::size_t>(size), 'z');
        const Path path = m_tree.file("in", content);
        const Path target = m_tree.path() / ("p" + std::to_string(++m_count));
        Result<Packed> packed;
        {
            auto writer = platform::FileWriter::open(target);
            packed = pack(path, *writer, {});
        }
        QVERIFY(packed);
        std::string out;
        const auto again = unpacked(target, out);
        QVERIFY(again);
        QVERIFY(out == content);
        QCOMPARE(again->sha256, *sha256(path, {}));
        QCOMPARE(again->storedSha256, *sha256(target, {}));
        QCOMPARE(packed->sha256, again->sha256);
        QCOMPARE(packed->storedSha256, again->storedSha256);
        QCOMPARE(packed->bytes, std::uint64_t(size));
        QCOMPARE(packed->storedBytes, std::filesystem::file_size(target));
    }

    void theProgramZstdUnpacksItToo()
    {
        const Path path = sample();
        const Path packed = packedOf(path);
        QProcess zstd;
        zstd.start(QStringLiteral("zstd"), {QStringLiteral("-t"), QString::fromStdString(packed.native())});
        if (!zstd.waitForStarted())
            QSKIP("NOT TESTED: there is no program zstd here");
        QVERIFY(zstd.waitForFinished());
        QCOMPARE(zstd.exitCode(), 0);
    }

    void damageIsFound_data()
    {
        QTest::addColumn<double>("where"); // of the file; negative: cut there
        QTest::newRow("in the first frame's header") << 0.0;
        QTest::newRow("in the middle") << 0.5;
        QTest::newRow("in the last checksum") << 1.0;
        QTest::newRow("cut within a frame") << -0.7;
        QTest::newRow("cut by a byte") << -1.0;
    }
    void damageIsFound()
    {
        QFETCH(double, where);
        const Path packed = packedOf(sample());
        std::string bytes = test::readFile(packed);
        const auto place = static_cast<std::size_t>(std::abs(where) * static_cast<double>(bytes.size() - 1));
        if (where < 0)
            bytes.resize(place);
        else
            bytes[place] = static_cast<char>(~bytes[place]);
        test::writeFile(packed, bytes);
        std::string out;
        const auto result = unpacked(packed, out);
        QVERIFY(!result);
        QCOMPARE(result.error().code, ErrorCode::Damaged);
    }

    void garbageBehindTheLastFrameIsDamage()
    {
        const Path packed = packedOf(m_tree.file("in", "content"));
        test::writeFile(packed, test::readFile(packed) + "garbage garbage");
        std::string out;
        QCOMPARE(unpacked(packed, out).error().code, ErrorCode::Damaged);
    }

    void aBombStopsAtWhatItShouldHold()
    {
        const Path packed = packedOf(m_tree.file("zeros", std::string(30 << 20, '\0')));
        QVERIFY(std::filesystem::file_size(packed) < 10'000);
        std::string out;
        const auto result = unpacked(packed, out, 1 << 20);
        QCOMPARE(result.error().code, ErrorCode::Damaged);
        QVERIFY(out.size() <= 1 << 20);
    }

    void aStopEndsBoth()
    {
        const Path path = sample();
        const Path packed = packedOf(path);
        std::stop_source stop;
        stop.request_stop();
        std::string out;
        QCOMPARE(unpacked(packed, out, 1 << 30, stop.get_token()).error().code, ErrorCode::Cancelled);
        auto writer = platform::FileWriter::open(m_tree.path() / "stopped");
        QCOMPARE(pack(path, *writer, stop.get_token()).error().code, ErrorCode::Cancelled);
    }
};

QTEST_GUILESS_MAIN(TestFrames)
#include "tst_frames.moc"
