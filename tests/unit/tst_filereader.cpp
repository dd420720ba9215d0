// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/diskspace.h"
#include "platform/filereader.h"

#include "support/dbbuilder.h"
#include "support/temptree.h"

#include <QRegularExpression>
#include <QTest>

#include <climits>

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

using namespace lk;
using namespace lk::platform;
using lk::test::TempTree;

class TestFileReader : public QObject
{
    Q_OBJECT

    /// A folder whose path is longer than the system takes in one call, and a descriptor of it.
    static std::pair<Path, int> beyondPathMax(const TempTree &tree)
    {
        const std::string name(200, 'd');
        Path path = tree.path();
        int folder = ::open(path.c_str(), O_PATH | O_DIRECTORY);
        while (path.native().size() < PATH_MAX + 500) {
            ::mkdirat(folder, name.c_str(), 0700);
            const int below = ::openat(folder, name.c_str(), O_PATH | O_DIRECTORY);
            ::close(folder);
            folder = below;
            path /= name;
        }
        return {path, folder};
    }

    static void write(int folder, const char *name, std::string_view content)
    {
        const int fd = ::openat(folder, name, O_WRONLY | O_CREAT, 0600);
        QCOMPARE(::write(fd, content.data(), content.size()), ssize_t(content.size()));
        ::close(fd);
    }

    static std::string contentOf(const FileReader &reader)
    {
        std::string text(reader.status().size + 10, '?');
        const auto count = reader.read(0, std::as_writable_bytes(std::span(text)));
        return count ? text.substr(0, *count) : "error";
    }

private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral("."))); }

    void readsFromAnywhereUpToTheEnd()
    {
        const TempTree tree;
        const auto reader = FileReader::open(tree.file("a", "0123456789"));
        QVERIFY(reader);
        QCOMPARE(reader->status().size, std::uint64_t(10));
        std::array<std::byte, 4> bytes{};
        QCOMPARE(reader->read(3, bytes).value(), std::size_t(4));
        QCOMPARE(char(bytes[0]), '3');
        QCOMPARE(reader->read(8, bytes).value(), std::size_t(2));
        QCOMPARE(reader->read(10, bytes).value(), std::size_t(0));
        QCOMPARE(reader->read(std::uint64_t(1) << 40, bytes).value(), std::size_t(0));
    }

    void saysWhatTheSystemSays()
    {
        const TempTree tree;
        const Path path = tree.file("a", std::string(5000, 'x'));
        tree.hardLink("b", path);
        std::filesystem::permissions(path, std::filesystem::perms(0640));
        struct stat stat
        {
        };
        QCOMPARE(::stat(path.c_str(), &stat), 0);
        const auto status = platform::status(path);
        QVERIFY(status);
        QCOMPARE(status->id.inode, std::uint64_t(stat.st_ino));
        QCOMPARE(status->id.device, std::uint64_t(stat.st_dev));
        QCOMPARE(status->size, std::uint64_t(5000));
        QCOMPARE(status->links, std::uint64_t(2));
        QCOMPARE(status->mode & 07777, 0640u);
        QCOMPARE(status->modifiedNs, std::int64_t(stat.st_mtim.tv_sec) * 1'000'000'000 + stat.st_mtim.tv_nsec);
        QVERIFY(status->isRegular() && !status->isFolder() && !status->isSymbolicLink());
    }

    void opensRegularFilesOnly_data()
    {
        QTest::addColumn<QString>("kind");
        QTest::addColumn<int>("reason");
        QTest::newRow("a FIFO that nobody writes to doesn't hang") << "fifo" << int(Reason::NotARegularFile);
        QTest::newRow("a socket") << "socket" << int(Reason::NotARegularFile);
        QTest::newRow("a folder") << "folder" << int(Reason::NotARegularFile);
        QTest::newRow("a link to a file") << "link" << int(Reason::SymbolicLink);
        QTest::newRow("a link to nothing") << "dangling" << int(Reason::SymbolicLink);
    }

    void opensRegularFilesOnly()
    {
        QFETCH(QString, kind);
        QFETCH(int, reason);
        const TempTree tree;
        Path path = tree.path() / "x.db";
        if (kind == QLatin1String("fifo"))
            tree.fifo("x.db");
        else if (kind == QLatin1String("folder"))
            tree.folder("x.db");
        else if (kind == QLatin1String("link"))
            tree.link("x.db", tree.file("target", "SQLite format 3"));
        else if (kind == QLatin1String("dangling"))
            tree.link("x.db", "nowhere");
        else
            makeSocket(path);
        const auto byPath = FileReader::open(path);
        QVERIFY(!byPath);
        QCOMPARE(byPath.error().code, ErrorCode::Refused);
        QCOMPARE(int(byPath.error().reason), reason);
        QCOMPARE(byPath.error().path, path);

        const auto folder = Folder::open(tree.path());
        QVERIFY(folder);
        const auto byName = FileReader::openAt(folder->descriptor(), "x.db");
        QVERIFY(!byName);
        if (kind != QLatin1String("socket")) // the system refuses to open it with an error of its own
            QCOMPARE(int(byName.error().reason), reason);
    }

    void aMissingFileIsNotFound()
    {
        const TempTree tree;
        QCOMPARE(FileReader::open(tree.path() / "no").error().code, ErrorCode::NotFound);
        QCOMPARE(platform::status(tree.path() / "no").error().code, ErrorCode::NotFound);
        QCOMPARE(FileReader::open(tree.file("file") / "below").error().code, ErrorCode::NotFound);
        QCOMPARE(Folder::open(tree.path() / "no").error().code, ErrorCode::NotFound);
        QCOMPARE(resolve(tree.path() / "no").error().code, ErrorCode::NotFound);
    }

    void leavesTheAccessTime()
    {
        const TempTree tree;
        const Path path = tree.file("a", "content");
        // Old enough that reading would set it even under relatime.
        const std::array<timespec, 2> old{timespec{1'000'000'000, 0}, timespec{1'000'000'000, 0}};
        QCOMPARE(::utimensat(AT_FDCWD, path.c_str(), old.data(), 0), 0);
        {
            const auto reader = FileReader::open(path);
            QVERIFY(reader);
            QCOMPARE(contentOf(*reader), std::string("content"));
        }
        struct stat stat
        {
        };
        QCOMPARE(::stat(path.c_str(), &stat), 0);
        QCOMPARE(stat.st_atim.tv_sec, time_t(1'000'000'000));
    }

    void pathsBeyondPathMaxWork()
    {
        const TempTree tree;
        const auto [folderPath, fd] = beyondPathMax(tree);
        write(fd, "deep.db", "deep down");
        ::close(fd);
        const Path path = folderPath / "deep.db";
        const auto reader = FileReader::open(path);
        QVERIFY(reader);
        QCOMPARE(contentOf(*reader), std::string("deep down"));
        QCOMPARE(platform::status(path)->size, std::uint64_t(9));
        const auto folder = Folder::open(folderPath);
        QVERIFY(folder);
        QVERIFY(folder->status("deep.db"));
        const auto parent = Folder::openParent(path);
        QVERIFY(parent);
        QCOMPARE(parent->second, std::string("deep.db"));
        QCOMPARE(parent->first.path(), folderPath);
        QCOMPARE(resolve(path).value(), path);
        QCOMPARE(resolve(folderPath / "." / "x" / ".." / "deep.db").value(), path);
        QCOMPARE(resolve(folderPath / "no").error().code, ErrorCode::NotFound);
        QCOMPARE(FileReader::open(Path("/" + std::string(PATH_MAX + 1, 'x'))).error().code, ErrorCode::Unsupported);
    }

    void aFolderIsNotOpenedThroughALink()
    {
        const TempTree tree;
        const Path real = tree.folder("real");
        tree.file("real/a.db", "x");
        const Path link = tree.link("link", real);
        const auto folder = Folder::open(link);
        QVERIFY(!folder);
        QCOMPARE(folder.error().reason, Reason::SymbolicLink);
        QVERIFY(!Folder::open(Path(link.native() + "/")));
        QCOMPARE(Folder::open(tree.file("file")).error().code, ErrorCode::NotFound);
        // On the way a link is a way like any other.
        QVERIFY(FileReader::open(link / "a.db"));
        QVERIFY(Folder::openParent(link / "a.db"));
    }

    void theParentOf_data()
    {
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<QByteArray>("folder");
        QTest::addColumn<QByteArray>("name");
        QTest::newRow("a file in the root") << QByteArray("/etc") << QByteArray("/") << QByteArray("etc");
        QTest::newRow("a folder with a slash behind it")
            << QByteArray("/usr/bin//") << QByteArray("/usr") << QByteArray("bin");
        QTest::newRow("a name without a folder is in the current one")
            << QByteArray("x.db") << QByteArray(".") << QByteArray("x.db");
        QTest::newRow("the root is in itself") << QByteArray("/") << QByteArray("/") << QByteArray(".");
    }

    void theParentOf()
    {
        QFETCH(QByteArray, path);
        QFETCH(QByteArray, folder);
        QFETCH(QByteArray, name);
        const auto parent = Folder::openParent(Path(path.toStdString()));
        QVERIFY(parent);
        QCOMPARE(QByteArray::fromStdString(parent->first.path().native()), folder);
        QCOMPARE(QByteArray::fromStdString(parent->second), name);
    }

    void resolvingEndsLinks()
    {
        const TempTree tree;
        const Path file = tree.file("real/a.db", "x");
        tree.link("link", "real");
        tree.link("loop", "loop");
        QCOMPARE(resolve(tree.path() / "link" / ".." / "link" / "a.db").value(), file);
        QCOMPARE(resolve(Path("/")).value(), Path("/"));
        QVERIFY(!resolve(tree.path() / "loop"));
    }

    void everyNameIsJustBytes_data()
    {
        QTest::addColumn<QByteArray>("name");
        QTest::newRow("a newline") << QByteArray("a\nb.db");
        QTest::newRow("not UTF-8") << QByteArray("\xff\xfe.db");
        QTest::newRow("the longest") << QByteArray(255, 'n');
        QTest::newRow("like an option") << QByteArray("-rf");
        QTest::newRow("like a URI") << QByteArray("file:x?mode=rw#y%20");
    }

    void everyNameIsJustBytes()
    {
        QFETCH(QByteArray, name);
        const TempTree tree;
        const Path path = tree.file(name.toStdString(), "x");
        QVERIFY(FileReader::open(path));
        QVERIFY(platform::status(path));
        QCOMPARE(resolve(path).value(), path);
    }

    void theStatusOfAnOpenFileIsAskedAgain()
    {
        const TempTree tree;
        const Path path = tree.file("a", "1");
        const auto reader = FileReader::open(path);
        test::writeFile(path, "123");
        QCOMPARE(reader->status().size, std::uint64_t(1));
        QCOMPARE(reader->statusNow()->size, std::uint64_t(3));
    }

private:
    static void makeSocket(const Path &path)
    {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        QVERIFY(path.native().size() < sizeof address.sun_path);
        path.native().copy(address.sun_path, sizeof address.sun_path - 1);
        const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        QCOMPARE(::bind(fd, reinterpret_cast<const sockaddr *>(&address), sizeof address), 0);
        ::close(fd);
    }

    void othersReachAFileThroughOpenFoldersOnly()
    {
        const TempTree tree; // below a folder that lets everybody pass
        const Path file = tree.file("a/b/x.db");
        const auto permit = [&](const Path &folder, unsigned mode) {
            std::filesystem::permissions(folder, static_cast<std::filesystem::perms>(mode));
        };
        permit(tree.path(), 0755);
        permit(tree.path() / "a", 0711);
        permit(tree.path() / "a/b", 0755);
        QCOMPARE(platform::othersReach(file).value(), true);
        permit(tree.path() / "a", 0750);
        QCOMPARE(platform::othersReach(file).value(), false);
        QVERIFY(!platform::othersReach(tree.path() / "gone/x.db"));
    }
};

QTEST_GUILESS_MAIN(TestFileReader)
#include "tst_filereader.moc"
