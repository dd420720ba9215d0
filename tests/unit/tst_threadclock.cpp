// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/threadclock.h"

#include <QRegularExpression>
#include <QTest>

#include <thread>

using namespace lk::platform;
using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

class TestThreadClock : public QObject
{
    Q_OBJECT

    /// What of the time that \a work takes it neither ran nor waited for a processor, as a share of the whole.
    template <class Work>
    static std::optional<double> blockedShare(Work work)
    {
        const ThreadClock clock = ThreadClock::ofThisThread();
        const auto before = clock.times();
        const auto began = Clock::now();
        work();
        const std::chrono::duration<double> passed = Clock::now() - began;
        const auto after = clock.times();
        if (!before || !after)
            return std::nullopt;
        const std::chrono::duration<double> able = after->running + after->waiting - before->running - before->waiting;
        return 1 - able / passed;
    }

private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral("."))); }

    void aBusyThreadIsNotBlocked()
    {
        const auto share = blockedShare([] {
            const auto end = Clock::now() + 100ms;
            while (Clock::now() < end) {
            }
        });
        if (!share)
            QSKIP("NOT TESTED: this system doesn't tell how long threads ran");
        QVERIFY2(*share < 0.5, qPrintable(QString::number(*share)));
    }

    void aSleepingThreadIs()
    {
        const auto share = blockedShare([] { std::this_thread::sleep_for(100ms); });
        if (!share)
            QSKIP("NOT TESTED: this system doesn't tell how long threads ran");
        QVERIFY2(*share > 0.5, qPrintable(QString::number(*share)));
    }

    void oneThreadIsReadFromAnother()
    {
        ThreadClock clock;
        std::thread([&] { clock = ThreadClock::ofThisThread(); }).join();
        (void)clock.times(); // the thread is gone: whatever it says, it is no crash
        QVERIFY(!ThreadClock().times());
    }
};

QTEST_GUILESS_MAIN(TestThreadClock)
#include "tst_threadclock.moc"
