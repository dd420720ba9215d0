// SPDX-License-Identifier: GPL-3.0-or-later
#include "sqlite/overlay.h"

#include <QRandomGenerator>
#include <QTest>

#include <cstring>

using namespace lk;
using namespace lk::sqlite;

/// A base of \a size bytes that counts up, and an overlay over it next to a plain array that does the same.
class Twin
{
public:
    explicit Twin(std::size_t size)
        : m_base(size)
    {
        for (std::size_t i = 0; i < size; ++i)
            m_base[i] = static_cast<std::byte>(i * 7 + i / 256);
        m_expected = m_base;
    }

    void write(std::uint64_t offset, std::size_t size, int seed)
    {
        std::vector<std::byte> bytes(size);
        for (std::size_t i = 0; i < size; ++i)
            bytes[i] = static_cast<std::byte>(i + static_cast<std::size_t>(seed));
        QVERIFY(m_overlay.write(offset, bytes, m_base.size(), reader()));
        m_expected.resize(std::max<std::size_t>(m_expected.size(), offset + size));
        std::copy(bytes.begin(), bytes.end(), m_expected.begin() + static_cast<std::ptrdiff_t>(offset));
    }

    void truncate(std::uint64_t size)
    {
        m_overlay.truncate(size, m_base.size());
        m_expected.resize(size);
    }

    void compare()
    {
        QCOMPARE(m_overlay.size(m_base.size()), m_expected.size());
        std::vector<std::byte> read(m_expected.size() + 10);
        const auto count = m_overlay.read(0, read, reader());
        QVERIFY(count);
        QCOMPARE(*count, m_expected.size());
        read.resize(m_expected.size());
        QVERIFY(read == m_expected);
    }

    Overlay &overlay() { return m_overlay; }
    Overlay::ReadBase reader()
    {
        return [this](std::uint64_t offset, std::span<std::byte> into) -> Result<void> {
            if (offset + into.size() > m_base.size())
                return fail(ErrorCode::Internal, {}, "read behind the base");
            std::memcpy(into.data(), m_base.data() + offset, into.size());
            return {};
        };
    }

private:
    std::vector<std::byte> m_base;
    std::vector<std::byte> m_expected;
    Overlay m_overlay;
};

class TestOverlay : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void untouchedUntilTheFirstWrite()
    {
        Twin twin(10000);
        QVERIFY(twin.overlay().untouched());
        QCOMPARE(twin.overlay().size(10000), 10000u);
        twin.write(0, 1, 1);
        QVERIFY(!twin.overlay().untouched());
    }

    void writesShowOverTheBase_data()
    {
        QTest::addColumn<quint64>("offset");
        QTest::addColumn<quint64>("size");

        QTest::newRow("within a block") << quint64(100) << quint64(50);
        QTest::newRow("a whole block") << quint64(4096) << quint64(4096);
        QTest::newRow("across two blocks") << quint64(4090) << quint64(20);
        QTest::newRow("over the end") << quint64(9990) << quint64(100);
        QTest::newRow("far behind the end, a hole between") << quint64(50000) << quint64(5);
        QTest::newRow("everything") << quint64(0) << quint64(20000);
    }
    void writesShowOverTheBase()
    {
        QFETCH(quint64, offset);
        QFETCH(quint64, size);
        Twin twin(10000);
        twin.write(offset, size, 3);
        twin.compare();
    }

    void whatWasCutReadsAsZerosWhenTheFileGrowsAgain()
    {
        Twin twin(10000);
        twin.write(6000, 10, 1);
        twin.truncate(5000);
        twin.write(9000, 10, 2);
        twin.compare();
    }

    void clearedIsEmpty()
    {
        Twin twin(10000);
        twin.overlay().clear();
        std::byte byte{};
        QCOMPARE(*twin.overlay().read(0, {&byte, 1}, twin.reader()), 0u);
        QCOMPARE(twin.overlay().size(10000), 0u);
    }

    void anyOrderOfWritesAndCutsIsThatOfAFile()
    {
        QRandomGenerator random(1);
        for (int round = 0; round < 20; ++round) {
            Twin twin(random.bounded(30000u));
            for (int step = 0; step < 40; ++step) {
                if (random.bounded(5) == 0)
                    twin.truncate(random.bounded(40000u));
                else
                    twin.write(random.bounded(40000u), random.bounded(9000u), step);
            }
            twin.compare();
        }
    }

    void beyondItsBoundItGoesToATemporaryFile()
    {
        Twin twin(0);
        const std::size_t size = (Overlay::BlocksInMemory + 10) * Overlay::BlockSize;
        twin.write(0, size, 5);
        twin.write(size - 100, 50, 9);
        twin.compare();
    }
};

QTEST_APPLESS_MAIN(TestOverlay)
#include "tst_overlay.moc"
