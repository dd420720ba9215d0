// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/dirwalker.h"

#include "support/temptree.h"

#include <QRegularExpression>
#include <QTest>

#include <map>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace lk;
using namespace lk::platform;
using lk::test::TempTree;

/// Both ways to list a folder have to tell the same.
class TestDirWalker : public QObject
{
    Q_OBJECT

    struct Listed
    {
        std::map<std::string, Entry> entries;
        int stretches = 0;
        int error = 0;
    };

    template <class Lister>
    static Listed list(const Path &path, Lister lister)
    {
        Listed listed;
        int error = 0;
        const Descriptor folder = openFolder(AT_FDCWD, path.c_str(), error);
        if (error == 0)
            error = lister.begin(folder.value());
        std::vector<Entry> entries;
        bool atEnd = false;
        while (error == 0 && !atEnd) {
            error = lister.next(entries, atEnd);
            ++listed.stretches;
            for (const Entry &entry : entries) {
                if (std::strlen(entry.name) != entry.length || !listed.entries.emplace(entry.text(), entry).second)
                    error = -1; // twice, or a name that doesn't end
            }
        }
        listed.error = error;
        return listed;
    }

    static Listed list(const Path &path, bool portable)
    {
#ifdef __linux__
        if (!portable)
            return list(path, GetdentsLister());
#endif
        return list(path, ReaddirLister());
    }

    static void bothWays()
    {
        QTest::addColumn<bool>("portable");
        QTest::newRow("by getdents64") << false;
        QTest::newRow("by readdir") << true;
    }

private Q_SLOTS:
    void init()
    {
        QTest::failOnWarning(QRegularExpression(QStringLiteral(".")));
    }

    void everyKindOfEntryIsTold_data()
    {
        bothWays();
    }

    void everyKindOfEntryIsTold()
    {
        QFETCH(bool, portable);
        const TempTree tree;
        const Path file = tree.file("file", "x");
        tree.folder("folder");
        tree.link("link", file);
        tree.fifo("fifo");
        tree.file(".hidden");
        tree.file("new\nline");
        tree.file("\xff\xfe");
        tree.file(std::string(255, 'n'));
        const Listed listed = list(tree.path(), portable);
        QCOMPARE(listed.error, 0);
        QCOMPARE(listed.entries.size(), std::size_t(8));
        const auto typeOf = [&](const std::string &name) { return listed.entries.at(name).type; };
        QCOMPARE(typeOf("file"), EntryType::File);
        QCOMPARE(typeOf("folder"), EntryType::Folder);
        QCOMPARE(typeOf("link"), EntryType::SymbolicLink);
        QCOMPARE(typeOf("fifo"), EntryType::Other);
        QCOMPARE(typeOf(".hidden"), EntryType::File);
        QCOMPARE(typeOf("new\nline"), EntryType::File);
        QCOMPARE(typeOf("\xff\xfe"), EntryType::File);
        QCOMPARE(typeOf(std::string(255, 'n')), EntryType::File);
        struct stat stat
        {
        };
        QCOMPARE(::stat(file.c_str(), &stat), 0);
        QCOMPARE(listed.entries.at("file").inode, std::uint64_t(stat.st_ino));
    }

    void anEmptyFolderEndsAtOnce_data()
    {
        bothWays();
    }

    void anEmptyFolderEndsAtOnce()
    {
        QFETCH(bool, portable);
        const TempTree tree;
        const Listed listed = list(tree.path(), portable);
        QCOMPARE(listed.error, 0);
        QCOMPARE(listed.stretches, 1);
        QVERIFY(listed.entries.empty());
    }

    void aLargeFolderComesInStretches_data()
    {
        bothWays();
    }

    void aLargeFolderComesInStretches()
    {
        QFETCH(bool, portable);
        const TempTree tree;
        constexpr int Count = 9000;
        for (int i = 0; i < Count; ++i)
            QCOMPARE(::mknod((tree.path() / (std::to_string(i) + std::string(40, 'x'))).c_str(), S_IFREG | 0600, 0), 0);
        const Listed listed = list(tree.path(), portable);
        QCOMPARE(listed.error, 0);
        QCOMPARE(listed.entries.size(), std::size_t(Count));
        QVERIFY(listed.stretches > 1);
    }

#ifdef __linux__
    void theSmallestBufferTakesTheLongestNames()
    {
        const TempTree tree;
        for (int i = 0; i < 200; ++i)
            tree.file(std::to_string(1000 + i) + std::string(251, 'n'));
        const Listed listed = list(tree.path(), GetdentsLister(GetdentsLister::MinimumBuffer));
        QCOMPARE(listed.error, 0);
        QCOMPARE(listed.entries.size(), std::size_t(200));
        QVERIFY(listed.stretches > 1);
    }
#endif

    void oneListerServesManyFolders_data()
    {
        bothWays();
    }

    void oneListerServesManyFolders()
    {
        QFETCH(bool, portable);
        const TempTree tree;
        tree.file("a/1");
        tree.file("b/2");
        QCOMPARE(list(tree.path() / "a", portable).entries.count("1"), std::size_t(1));
        const auto serve = [&](auto lister) {
            for (const char *name : {"a", "b", "a"}) {
                int error = 0;
                const Descriptor folder = openFolder(AT_FDCWD, (tree.path() / name).c_str(), error);
                QCOMPARE(lister.begin(folder.value()), 0);
                std::vector<Entry> entries;
                bool atEnd = false;
                QCOMPARE(lister.next(entries, atEnd), 0);
                QVERIFY(atEnd);
                QCOMPARE(entries.size(), std::size_t(1));
                QCOMPARE(entries[0].text(), std::string_view(name[0] == 'a' ? "1" : "2"));
            }
        };
#ifdef __linux__
        if (!portable)
            return serve(GetdentsLister());
#endif
        serve(ReaddirLister());
    }

    void whatIsNoFolderIsAnError()
    {
        const TempTree tree;
        int error = 0;
        QVERIFY(!openFolder(AT_FDCWD, tree.file("file").c_str(), error));
        QCOMPARE(error, ENOTDIR);
        tree.folder("real");
        QVERIFY(!openFolder(AT_FDCWD, tree.link("link", tree.path() / "real").c_str(), error));
        QVERIFY(error == ENOTDIR || error == ELOOP);
        QVERIFY(!passFolder(AT_FDCWD, (tree.path() / "link").c_str(), error));
        QVERIFY(!openFolder(AT_FDCWD, (tree.path() / "no").c_str(), error));
        QCOMPARE(error, ENOENT);
        QVERIFY(openFolder(AT_FDCWD, (tree.path() / "real").c_str(), error));
        QCOMPARE(error, 0);
        std::vector<Entry> entries;
        ReaddirLister lister;
        QVERIFY(lister.begin(-1) != 0);
    }

    void aStatusIsOfTheNameItself()
    {
        const TempTree tree;
        const Path file = tree.file("file", "12345");
        tree.link("link", file);
        int error = 0;
        const Descriptor folder = openFolder(AT_FDCWD, tree.path().c_str(), error);
        EntryStatus status;
        QCOMPARE(entryStatus(folder.value(), "file", status), 0);
        QCOMPARE(status.type, EntryType::File);
        QCOMPARE(status.size, std::uint64_t(5));
        QCOMPARE(status.id, platform::status(file)->id);
        QCOMPARE(entryStatus(folder.value(), "link", status), 0);
        QCOMPARE(status.type, EntryType::SymbolicLink);
        QCOMPARE(entryStatus(folder.value(), "no", status), ENOENT);
        QCOMPARE(folderStatus(folder.value(), status), 0);
        QCOMPARE(status.id, platform::status(tree.path())->id);
    }
};

QTEST_GUILESS_MAIN(TestDirWalker)
#include "tst_dirwalker.moc"
