// SPDX-License-Identifier: GPL-3.0-or-later
#include "scan/filters.h"
#include "scan/mounttree.h"

#include <QRegularExpression>
#include <QTest>

#include <clocale>

using namespace lk;
using namespace lk::scan;

static const char Mountinfo[] = "1 0 8:1 / / rw - ext4 /dev/a rw\n"
                                "2 1 0:5 / /proc rw - proc proc rw\n"
                                "3 1 0:6 / /dev rw - tmpfs tmpfs rw\n"
                                "4 1 8:2 / /home rw - ext4 /dev/b rw\n"
                                "5 1 0:7 / /mnt/nas rw - nfs4 server:/ rw\n"
                                "6 1 8:1 /srv /mnt/bound rw - ext4 /dev/a rw\n"
                                "7 4 0:8 / /home/me/far rw - fuse.sshfs far: rw\n";

class TestFilters : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { std::setlocale(LC_ALL, "C.UTF-8"); } // as Qt programs have it
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral("."))); }

    void aGlobLeavesOut_data()
    {
        QTest::addColumn<QByteArray>("glob");
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<bool>("excluded");
        const auto row = [](const char *title, const char *glob, const char *path, bool excluded) {
            QTest::newRow(title) << QByteArray(glob) << QByteArray(path) << excluded;
        };
        row("a name", "node_modules", "/home/me/node_modules", true);
        row("a name is not a part of one", "node", "/home/me/node_modules", false);
        row("a name with a star", "*.bak", "/home/me/x.bak", true);
        row("a star takes leading dots", "*cache", "/home/me/.cache", true);
        row("a whole path", "/home/me/x", "/home/me/x", true);
        row("a path with a star", "/home/*/x", "/home/me/x", true);
        row("a star takes slashes", "/home/*/x", "/home/me/deep/down/x", true);
        row("a part of a path", "me/x", "/home/me/x", false);
        row("case counts", "*.BAK", "/home/me/x.bak", false);
        row("one character", "?.db", "/home/me/x.db", true);
        row("one character of two bytes", "?.db", "/home/me/\xc3\xa4.db", true);
        row("a set", "[ab].db", "/home/me/b.db", true);
        row("not of a set", "[!ab].db", "/home/me/b.db", false);
        row("an escaped star is a star", "\\*.db", "/home/me/x.db", false);
        row("a name that is not UTF-8", "*.db", "/home/me/\xff\xfe.db", true);
        row("a folder that is not UTF-8", "/home/*/x.db", "/home/\xff/x.db", true);
        row("a name with a newline", "a*.db", "/home/me/a\nb.db", true);
    }

    void aGlobLeavesOut()
    {
        QFETCH(QByteArray, glob);
        QFETCH(QByteArray, path);
        QFETCH(bool, excluded);
        const Excludes excludes({"never-met", glob.toStdString()});
        QCOMPARE(excludes.match(Path(path.toStdString())), excluded);
    }

    void withoutGlobsNothingIsLeftOut()
    {
        QVERIFY(Excludes({}).isEmpty());
        QVERIFY(!Excludes({}).match("/x"));
    }

    void sizesThatDatabasesHave_data()
    {
        QTest::addColumn<quint64>("size");
        QTest::addColumn<bool>("possible");
        QTest::newRow("empty") << quint64(0) << false;
        QTest::newRow("shorter than a page") << quint64(511) << false;
        QTest::newRow("the smallest page") << quint64(512) << true;
        QTest::newRow("a byte more") << quint64(513) << false;
        QTest::newRow("three small pages") << quint64(1536) << true;
        QTest::newRow("beyond 4 GiB") << (quint64(5) << 30) << true;
    }

    void sizesThatDatabasesHave()
    {
        QFETCH(quint64, size);
        QFETCH(bool, possible);
        QCOMPARE(isDatabaseSize(size), possible);
    }

    void theTreeKnowsWhereMountsAre()
    {
        const auto mounts = platform::Mounts::parse(Mountinfo);
        const MountTree tree = MountTree::of(mounts);
        QCOMPARE(tree.mount, &mounts.all()[0]);
        QCOMPARE(tree.child("etc"), nullptr);
        QVERIFY(tree.child("mnt"));
        QCOMPARE(tree.child("mnt")->mount, nullptr);
        QCOMPARE(tree.child("mnt")->child("nas")->mount->type, std::string("nfs4"));
        QCOMPARE(tree.below("/home/me")->child("far")->mount->type, std::string("fuse.sshfs"));
        QCOMPARE(tree.below("/home/me/far/below"), nullptr);
        QCOMPARE(tree.below("/"), &tree);
    }

    void whatIsMountedThereDecides_data()
    {
        QTest::addColumn<QByteArray>("point");
        QTest::addColumn<int>("unasked");
        QTest::addColumn<int>("asked");
        constexpr int Enter = -1;
        QTest::newRow("/proc never") << QByteArray("/proc") << int(WhyNot::PseudoFilesystem)
                                     << int(WhyNot::PseudoFilesystem);
        QTest::newRow("/dev never, whatever its type")
            << QByteArray("/dev") << int(WhyNot::PseudoFilesystem) << int(WhyNot::PseudoFilesystem);
        QTest::newRow("a network mount never")
            << QByteArray("/mnt/nas") << int(WhyNot::NetworkFilesystem) << int(WhyNot::NetworkFilesystem);
        QTest::newRow("another disk when asked") << QByteArray("/home") << int(WhyNot::OtherFilesystem) << Enter;
        QTest::newRow("the same file system bound elsewhere always") << QByteArray("/mnt/bound") << Enter << Enter;
    }

    void whatIsMountedThereDecides()
    {
        QFETCH(QByteArray, point);
        QFETCH(int, unasked);
        QFETCH(int, asked);
        const auto mounts = platform::Mounts::parse(Mountinfo);
        const auto *next = mounts.at(Path(point.toStdString()));
        const auto decide = [&](bool cross) {
            const auto why = whyNotEnter(*next, mounts.at("/"), cross);
            return why ? int(*why) : -1;
        };
        QCOMPARE(decide(false), unasked);
        QCOMPARE(decide(true), asked);
        QVERIFY(whyNotEnter(*next, nullptr, false)); // where we are is not known: so it is another one
    }

    void foldersMayBeMetTwice_data()
    {
        QTest::addColumn<QList<QByteArray>>("roots");
        QTest::addColumn<bool>("cross");
        QTest::addColumn<bool>("repeat");
        using Roots = QList<QByteArray>;
        QTest::newRow("the root with a second mount of it") << Roots{"/"} << false << true;
        QTest::newRow("a folder without mounts") << Roots{"/usr"} << false << false;
        QTest::newRow("a disk with none but a network below") << Roots{"/home"} << true << false;
        QTest::newRow("two folders side by side") << Roots{"/usr", "/var"} << false << false;
        QTest::newRow("one in the other") << Roots{"/usr", "/usr/lib"} << false << true;
        QTest::newRow("names that only begin alike") << Roots{"/usr", "/usr2"} << false << false;
        QTest::newRow("two mounts of one file system") << Roots{"/srv", "/mnt/bound"} << false << true;
        QTest::newRow("two disks") << Roots{"/usr", "/home/me/x"} << false << false;
    }

    void foldersMayBeMetTwice()
    {
        QFETCH(QList<QByteArray>, roots);
        QFETCH(bool, cross);
        QFETCH(bool, repeat);
        std::vector<Path> paths;
        for (const QByteArray &root : roots)
            paths.emplace_back(root.toStdString());
        QCOMPARE(foldersMayRepeat(paths, platform::Mounts::parse(Mountinfo), cross), repeat);
    }
};

QTEST_GUILESS_MAIN(TestFilters)
#include "tst_filters.moc"
