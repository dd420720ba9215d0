// SPDX-License-Identifier: GPL-3.0-or-later
// What a person hardly means to change by hand.
#include "inspect/protection.h"
#include "platform/datafolder.h"

#include <QTest>

using namespace lk;
using namespace lk::inspect;

class ProtectionTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void someFoldersAreProtected_data()
    {
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<bool>("own");
        QTest::addColumn<int>("guard"); // -1: none

        const auto row = [](const char *title, const char *path, bool own, int guard) {
            QTest::newRow(title) << QByteArray(path) << own << guard;
        };
        row("a project's", "/home/anna/src/shop/db.sqlite3", true, -1);
        row("another user's", "/home/bert/db.sqlite3", false, int(Guard::OtherUser));
        row("Firefox's", "/home/anna/.mozilla/firefox/ab12.default/places.sqlite", true, int(Guard::Browser));
        row("Chromium's", "/home/anna/.config/chromium/Default/History", true, int(Guard::Browser));
        row("a package manager's", "/var/lib/dnf/history.sqlite", true, int(Guard::System));
        row("a system's, of somebody's", "/usr/share/x.db", false, int(Guard::System));
        row("in everybody's folder", "/var/tmp/x.db", true, -1);
        row("in a folder that is called alike", "/various/x.db", true, -1);
    }
    void someFoldersAreProtected()
    {
        QFETCH(QByteArray, path);
        QFETCH(bool, own);
        QFETCH(int, guard);
        const Path file(path.toStdString());
        platform::FileStatus status;
        status.owner = platform::userId() + (own ? 0 : 1);
        const auto protection = protectionOf(file, status);
        QCOMPARE(protection ? int(protection->guard) : -1, guard);
        if (protection)
            QCOMPARE(protection->folder, file.parent_path());
    }

    void aFolderHoldsWhatIsBelowIt()
    {
        QVERIFY(liesIn("/a/b/c", "/a/b"));
        QVERIFY(liesIn("/a/b", "/a/b"));
        QVERIFY(liesIn("/a/b", "/"));
        QVERIFY(!liesIn("/a/bc", "/a/b"));
        QVERIFY(!liesIn("/a", "/a/b"));
    }
};

QTEST_GUILESS_MAIN(ProtectionTest)
#include "tst_protection.moc"
