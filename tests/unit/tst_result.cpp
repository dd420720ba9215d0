// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/result.h"

#include <QRegularExpression>
#include <QSet>
#include <QTest>

#include <cerrno>

using namespace lk;

class TestResult : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral("."))); }

    void systemErrors_data()
    {
        QTest::addColumn<int>("number");
        QTest::addColumn<QString>("name");

        const auto row = [](const char *what, int number, const char *name) {
            QTest::newRow(what) << number << QString::fromLatin1(name);
        };
        row("no such file", ENOENT, "not-found");
        row("a file on the way that should be a folder", ENOTDIR, "not-found");
        row("permission denied", EACCES, "no-permission");
        row("not permitted", EPERM, "no-permission");
        row("a read-only file system", EROFS, "read-only");
        row("the disk is full", ENOSPC, "no-space");
        row("the person's share of it is full", EDQUOT, "no-space");
        row("larger than a file can be", EFBIG, "no-space");
        row("a name too long", ENAMETOOLONG, "unsupported");
        row("a link where none may be", ELOOP, "unsupported");
        row("not supported", ENOTSUP, "unsupported");
        row("busy", EBUSY, "busy");
        row("it exists", EEXIST, "refused");
        row("a network file that went", ESTALE, "changed");
        row("the disk fails", EIO, "io");
        row("anything else", EXDEV, "io");
    }
    void systemErrors()
    {
        QFETCH(int, number);
        QFETCH(QString, name);
        const Error error = systemError(number, "/a.db", "open");
        QCOMPARE(QString::fromLatin1(errorCodeName(error.code)), name);
        QCOMPARE(error.systemError, number);
        QVERIFY(error.path == Path("/a.db"));
        QVERIFY2(error.detail.starts_with("open: ") && error.detail.size() > 6, error.detail.c_str());
    }

    void everyCodeHasItsOwnName()
    {
        QSet<QByteArray> names;
        for (int code = int(ErrorCode::NotFound); code <= int(ErrorCode::Internal); ++code)
            names.insert(errorCodeName(static_cast<ErrorCode>(code)));
        QCOMPARE(names.size(), int(ErrorCode::Internal) + 1);
    }

    void anErrorTravelsInAResult()
    {
        const auto refuse = []() -> Result<int> {
            return fail(ErrorCode::Refused, Reason::ManyLinks, "/a.db", {"2"}, "detail");
        };
        const Result<int> result = refuse();
        QVERIFY(!result);
        QCOMPARE(result.error().reason, Reason::ManyLinks);
        QCOMPARE(result.error().arguments, std::vector<std::string>{"2"});
        QCOMPARE(result.error().detail, std::string("detail"));
        QCOMPARE(result.error().sqliteCode, 0);
    }
};

QTEST_GUILESS_MAIN(TestResult)
#include "tst_result.moc"
