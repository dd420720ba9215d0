// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/settings.h"

#include "support/dbbuilder.h"
#include "support/temptree.h"

#include <QRegularExpression>
#include <QTest>

using namespace lk;

class TestSettings : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral("."))); }

    void atTheFirstStartThereIsNothing()
    {
        const test::TempTree tree;
        const Settings settings(tree.path() / "settings.ini");
        QCOMPARE(settings.theme(), Theme::System);
        QVERIFY(settings.recentPlaces().empty());
        QVERIFY(settings.excludes().empty());
        QVERIFY(settings.state("columns").isEmpty());
        QVERIFY(!std::filesystem::exists(tree.path() / "settings.ini")); // looking writes nothing
    }

    void whatIsSetIsThereAtTheNextStart()
    {
        const test::TempTree tree;
        const Path file = tree.path() / "settings.ini";
        const std::vector<std::string> globs{"node_modules", "*/cache, old/*.db", "\xFF* ;=%41\n"};
        {
            Settings settings(file);
            settings.setTheme(Theme::Dark);
            settings.addRecentPlace("/home/\xFF\xFE ü\n, a");
            settings.addRecentPlace("/srv");
            settings.setExcludes(globs);
            settings.setState("columns", QByteArray("\0\1\xFF", 3));
        }
        const Settings settings(file);
        QCOMPARE(settings.theme(), Theme::Dark);
        QCOMPARE(settings.recentPlaces(), (std::vector<Path>{"/srv", "/home/\xFF\xFE ü\n, a"}));
        QCOMPARE(settings.excludes(), globs);
        QCOMPARE(settings.state("columns"), QByteArray("\0\1\xFF", 3));
    }

    void mutesAreKept()
    {
        const test::TempTree tree;
        const Path file = tree.path() / "settings.ini";
        const std::vector<Mute> mutes = {{"free-pages", {}}, {{}, "/srv/a: b\xff/x.db"}, {"damaged", "/srv"}};
        Settings(file).setMutes(mutes);
        QVERIFY(Settings(file).mutes() == mutes);
        Settings(file).setMutes({});
        QVERIFY(Settings(file).mutes().empty());
    }

    void unlockedFoldersAreKept()
    {
        const test::TempTree tree;
        const Path file = tree.path() / "settings.ini";
        QVERIFY(Settings(file).unlockedFolders().empty());
        Settings(file).unlock({"/srv/a", "/home/\xff\n"});
        Settings(file).unlock({"/srv/a"});
        QCOMPARE(Settings(file).unlockedFolders(), (std::vector<Path>{"/srv/a", "/home/\xff\n"}));
    }

    void aMuteOfEverythingIsNone()
    {
        const test::TempTree tree;
        const Path file = tree.file("settings.ini", "[advice]\nmuted=%3A, free-pages\n");
        QVERIFY(Settings(file).mutes().empty());
    }

    void everyThemeComesBack()
    {
        const test::TempTree tree;
        Settings settings(tree.path() / "settings.ini");
        for (const Theme theme : {Theme::Light, Theme::Dark, Theme::System}) {
            settings.setTheme(theme);
            QCOMPARE(settings.theme(), theme);
        }
    }

    void aPlaceIsThereOnceAndTheLastOneFirst()
    {
        const test::TempTree tree;
        Settings settings(tree.path() / "settings.ini");
        for (const char *place : {"/a", "/b", "/a"})
            settings.addRecentPlace(place);
        QCOMPARE(settings.recentPlaces(), (std::vector<Path>{"/a", "/b"}));
        for (int i = 0; i < 30; ++i)
            settings.addRecentPlace("/" + std::to_string(i));
        QCOMPARE(settings.recentPlaces().size(), Settings::RecentPlacesLimit);
        QVERIFY(settings.recentPlaces().front() == Path("/29"));
    }

    void nonsenseIsAsIfItWerentThere_data()
    {
        QTest::addColumn<QByteArray>("content");

        QTest::newRow("unknown words") << QByteArray("[window]\ntheme=purple\n[scan]\nrecent=relative\nexcludes=");
        QTest::newRow("another type") << QByteArray("[window]\ntheme=@Rect(1 2 3 4)\n[scan]\nrecent=@Rect(1 2 3 4)");
        QTest::newRow("a NUL in a path") << QByteArray("[scan]\nrecent=/a%00b\nexcludes=a%00");
        QTest::newRow("no settings at all") << QByteArray("\xFF\0\xFE[[[\n\n=", 9);
    }
    void nonsenseIsAsIfItWerentThere()
    {
        QFETCH(QByteArray, content);
        const test::TempTree tree;
        const Settings settings(tree.file("settings.ini", content.toStdString()));
        QCOMPARE(settings.theme(), Theme::System);
        QVERIFY(settings.recentPlaces().empty());
        QVERIFY(settings.excludes().empty());
        QVERIFY(settings.state("columns").isEmpty());
    }
};

QTEST_GUILESS_MAIN(TestSettings)
#include "tst_settings.moc"
