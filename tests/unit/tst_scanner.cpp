// SPDX-License-Identifier: GPL-3.0-or-later
#include "scan/scanner.h"

#include "support/dbbuilder.h"
#include "support/shared.h"
#include "support/temptree.h"

#include <QElapsedTimer>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>
#include <QTest>

#include <algorithm>
#include <atomic>
#include <climits>
#include <functional>
#include <map>
#include <set>
#include <thread>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

using namespace lk;
using namespace lk::scan;
using sqlite::State;
using test::TempTree;

/// Keeps what a scan tells.
struct Heard final : Listener
{
    void found(std::vector<Found> batch) override
    {
        onlyOneAtATime = onlyOneAtATime && !busy.exchange(true);
        for (Found &one : batch)
            rows.push_back(std::move(one));
        if (onFound)
            onFound();
        busy = false;
    }
    void progress(const Counts &counts, const Path &) override
    {
        onlyOneAtATime = onlyOneAtATime && !busy.exchange(true);
        last = counts;
        busy = false;
    }

    std::set<std::string> paths() const
    {
        std::set<std::string> all;
        for (const Found &row : rows)
            all.insert(row.path.native());
        return all;
    }
    std::optional<State> stateOf(const Path &path) const
    {
        const auto row = std::ranges::find(rows, path, &Found::path);
        return row == rows.end() ? std::nullopt : std::optional(row->seen.state);
    }

    std::vector<Found> rows;
    Counts last;
    std::function<void()> onFound;
    std::atomic<bool> busy = false;
    bool onlyOneAtATime = true;
};

/// Lowers the number of descriptors this process may have.
class DescriptorLimit
{
public:
    explicit DescriptorLimit(rlim_t limit)
    {
        ::getrlimit(RLIMIT_NOFILE, &m_before);
        rlimit lower = m_before;
        lower.rlim_cur = limit;
        ::setrlimit(RLIMIT_NOFILE, &lower);
    }
    ~DescriptorLimit() { ::setrlimit(RLIMIT_NOFILE, &m_before); }
    DescriptorLimit(const DescriptorLimit &) = delete;
    DescriptorLimit &operator=(const DescriptorLimit &) = delete;

private:
    rlimit m_before{};
};

class TestScanner : public QObject
{
    Q_OBJECT

    static Options below(const Path &root)
    {
        Options options;
        options.roots = {root};
        return options;
    }

    /// Fast to make: no SQLite needed.
    static std::string database()
    {
        static const std::string bytes = [] {
            const TempTree tree;
            test::makeDatabase(tree.path() / "a.db", {.pageSize = 512, .rows = 0});
            return test::readFile(tree.path() / "a.db");
        }();
        return bytes;
    }

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

    /// At each of so many levels two folders wait beside the one that leads on; how many databases are in them.
    static std::size_t makeLadder(const Path &root, int levels)
    {
        const std::string bytes = database();
        std::size_t databases = 0;
        int folder = ::open(root.c_str(), O_PATH | O_DIRECTORY);
        for (int level = 0; level < levels; ++level) {
            for (const char *name : {"a", "b", "c"})
                ::mkdirat(folder, name, 0700);
            for (const char *name : {"a/x.db", "c/x.db"}) {
                const int file = ::openat(folder, name, O_WRONLY | O_CREAT, 0600);
                databases += ::write(file, bytes.data(), bytes.size()) == ssize_t(bytes.size());
                ::close(file);
            }
            const int next = ::openat(folder, "b", O_PATH | O_DIRECTORY);
            ::close(folder);
            folder = next;
        }
        ::close(folder);
        return databases;
    }

    static std::size_t openDescriptors()
    {
        return std::size_t(std::distance(std::filesystem::directory_iterator("/proc/self/fd"), {}));
    }

private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral("."))); }

    void findsByContentWhateverTheName_data()
    {
        QTest::addColumn<QByteArray>("name");
        QTest::newRow("an ordinary name") << QByteArray("a.db");
        QTest::newRow("no suffix") << QByteArray("Cookies");
        QTest::newRow("another kind's suffix") << QByteArray("notes.txt");
        QTest::newRow("hidden") << QByteArray(".x");
        QTest::newRow("a newline") << QByteArray("a\nb.db");
        QTest::newRow("not UTF-8") << QByteArray("\xff\xfe");
        QTest::newRow("the longest") << QByteArray(255, 'n');
        QTest::newRow("in odd folders") << QByteArray("\xff/ \n/-rf/%00/x");
        QTest::newRow("a sibling's name") << QByteArray("a.db-journal");
    }

    void findsByContentWhateverTheName()
    {
        QFETCH(QByteArray, name);
        const TempTree tree;
        const Path path = tree.file(name.toStdString(), database());
        Heard heard;
        const auto summary = scan::scan(below(tree.path()), heard);
        QVERIFY(summary);
        QCOMPARE(heard.rows.size(), std::size_t(1));
        QCOMPARE(heard.rows[0].path, path);
        QCOMPARE(heard.rows[0].seen.state, State::Database);
        QCOMPARE(summary->counts.databases, std::uint64_t(1));
        QCOMPARE(summary->counts.files, std::uint64_t(1));
        QVERIFY(!summary->stopped);
    }

    void tellsKindsApart()
    {
        const TempTree tree;
        tree.file("good", database());
        tree.file("empty.db");
        tree.file("empty.txt");
        tree.file("cut.db", database().substr(0, 700));
        tree.file("old.db", "** This file contains an SQLite 2.1 database **" + std::string(977, '\0'));
        tree.file("text.sqlite", std::string(1024, 't'));
        tree.file("inside", std::string(512, 'x') + database());
        std::string noise(8192, '\0');
        std::uint32_t seed = 1;
        for (char &c : noise)
            c = char((seed = seed * 1664525 + 1013904223) >> 24);
        tree.file("vault.db", noise);
        tree.file("vault.bin", noise);
        tree.file("lone.db-wal", std::string(4096, 'w'));
        tree.file("lone.db-journal", std::string(512, 'j'));
        tree.file("lone.db-shm", std::string(32768, 's'));
        Heard heard;
        QVERIFY(scan::scan(below(tree.path()), heard));
        QCOMPARE(heard.stateOf(tree.path() / "good"), State::Database);
        QCOMPARE(heard.stateOf(tree.path() / "empty.db"), State::Empty);
        QCOMPARE(heard.stateOf(tree.path() / "cut.db"), State::Damaged);
        QCOMPARE(heard.stateOf(tree.path() / "vault.db"), State::MaybeEncrypted);
        QCOMPARE(heard.rows.size(), std::size_t(4));
    }

    void passesOverBySizeAndSaysSo()
    {
        const TempTree tree;
        const Path odd = tree.file("odd", database() + "stray");
        tree.file("a.txt", "text");
        Heard heard;
        auto summary = scan::scan(below(tree.path()), heard);
        QVERIFY(heard.rows.empty());
        QCOMPARE(summary->counts.passedOverBySize, std::uint64_t(2));
        QCOMPARE(summary->counts.opened, std::uint64_t(0));

        Options options = below(tree.path());
        options.thorough = true;
        summary = scan::scan(options, heard);
        QCOMPARE(heard.stateOf(odd), State::Damaged);
        QCOMPARE(summary->counts.passedOverBySize, std::uint64_t(0));
        QCOMPARE(summary->counts.opened, std::uint64_t(2));
    }

    void aSiblingMakesItsOwnerACandidate_data()
    {
        QTest::addColumn<QByteArray>("suffix");
        QTest::addColumn<int>("others");
        QTest::newRow("a -wal") << QByteArray("-wal") << 0;
        QTest::newRow("a -journal") << QByteArray("-journal") << 0;
        QTest::newRow("a -shm") << QByteArray("-shm") << 0;
        QTest::newRow("in another stretch of a large folder") << QByteArray("-wal") << 9000;
    }

    void aSiblingMakesItsOwnerACandidate()
    {
        QFETCH(QByteArray, suffix);
        QFETCH(int, others);
        const TempTree tree;
        const Path odd = tree.file("odd", database() + "stray");
        tree.file("odd" + suffix.toStdString());
        for (int i = 0; i < others; ++i)
            QCOMPARE(::mknod((tree.path() / (std::to_string(i) + std::string(40, 'x'))).c_str(), S_IFREG | 0600, 0), 0);
        Heard heard;
        const auto summary = scan::scan(below(tree.path()), heard);
        QCOMPARE(heard.rows.size(), std::size_t(1));
        QCOMPARE(heard.rows[0].path, odd);
        QCOMPARE(summary->counts.passedOverBySize, std::uint64_t(1 + others));
    }

    void byNameLooksWhereFindLooks()
    {
        const TempTree tree;
        for (const char *name : {"a.db", "b.sqlite", "c.sqlite3", "d.db3", "e.s3db", "f.sl3"})
            tree.file(name, database());
        const Path odd = tree.file("odd.db", database() + "stray");
        for (const char *name : {"A.DB", "Cookies", "db", "x.dbx"})
            tree.file(name, database());
        tree.file("empty.db");
        tree.file("text.db", std::string(512, 't'));
        Options options = below(tree.path());
        options.byName = true;
        Heard heard;
        const auto summary = scan::scan(options, heard);
        QCOMPARE(heard.rows.size(), std::size_t(7));
        QCOMPARE(heard.stateOf(odd), State::Damaged);
        QCOMPARE(summary->counts.opened, std::uint64_t(9));
    }

    void onlyRegularFilesAreOpened()
    {
        const TempTree tree;
        tree.fifo("fifo.db");
        tree.fifo("sub/fifo.sqlite");
        makeSocket(tree.path() / "socket.db");
        tree.folder("folder.db");
        const Path real = tree.file("real/a.db", database());
        tree.link("link.db", real);
        tree.link("loop", tree.path());
        tree.link("real/up", "..");
        tree.link("dangling.db", "nowhere");
        Heard heard;
        const auto summary = scan::scan(below(tree.path()), heard);
        QCOMPARE(heard.paths(), std::set<std::string>{real.native()});
        QVERIFY(summary->notEntered.empty());
        QCOMPARE(summary->counts.files, std::uint64_t(1));
        QCOMPARE(summary->counts.folders, std::uint64_t(4));
    }

    void everyNameOfAHardLinkedFileIsARow()
    {
        const TempTree tree;
        const Path first = tree.file("a/one.db", database());
        const Path second = tree.hardLink("b/two.db", first);
        Heard heard;
        QVERIFY(scan::scan(below(tree.path()), heard));
        QCOMPARE(heard.rows.size(), std::size_t(2));
        QCOMPARE(heard.paths(), (std::set<std::string>{first.native(), second.native()}));
        QCOMPARE(heard.rows[0].seen.file.links, std::uint64_t(2));
        QCOMPARE(heard.rows[0].seen.file.id, heard.rows[1].seen.file.id);
    }

    void whatIsExcludedIsLeftOut()
    {
        const TempTree tree;
        tree.file("skip/a.db", database());
        tree.file("deep/skip/a.db", database());
        tree.file("keep/no.bak", database());
        tree.file("path/inner/a.db", database());
        const Path kept = tree.file("keep/a.db", database());
        Options options = below(tree.path());
        options.excludes = {"skip", "*.bak", (tree.path() / "path/inner").native()};
        Heard heard;
        const auto summary = scan::scan(options, heard);
        QCOMPARE(heard.paths(), std::set<std::string>{kept.native()});
        QCOMPARE(summary->notEntered.size(), std::size_t(3));
        for (const NotEntered &entry : summary->notEntered)
            QCOMPARE(entry.why, WhyNot::Excluded);
    }

    void rootsMayBeAnything_data()
    {
        QTest::addColumn<QByteArrayList>("roots");
        QTest::addColumn<int>("rows");
        using Roots = QByteArrayList;
        QTest::newRow("a file") << Roots{"a/1.db"} << 1;
        QTest::newRow("a file twice and its folder") << Roots{"a/1.db", "a/1.db", "a"} << 2;
        QTest::newRow("a file that is no database") << Roots{"text"} << 0;
        QTest::newRow("a folder twice") << Roots{"a", "a"} << 2;
        QTest::newRow("a folder and one in it") << Roots{"a", "a/sub"} << 2;
        QTest::newRow("one in a folder, and it") << Roots{"a/sub", "a"} << 2;
        QTest::newRow("by a link") << Roots{"link"} << 2;
        QTest::newRow("by a link and itself") << Roots{"link", "a"} << 2;
        QTest::newRow("with dots") << Roots{"a/../a/./"} << 2;
        QTest::newRow("one that isn't there beside one that is") << Roots{"nowhere", "a"} << 2;
        QTest::newRow("none") << Roots{} << 0;
    }

    void rootsMayBeAnything()
    {
        QFETCH(QByteArrayList, roots);
        QFETCH(int, rows);
        const TempTree tree;
        tree.file("a/1.db", database());
        tree.file("a/sub/2.db", database());
        tree.file("text", "x");
        tree.link("link", tree.path() / "a");
        Options options;
        for (const QByteArray &root : roots)
            options.roots.push_back(tree.path() / root.toStdString());
        Heard heard;
        const auto summary = scan::scan(options, heard);
        QVERIFY(summary);
        QCOMPARE(heard.rows.size(), std::size_t(rows));
        QCOMPARE(heard.paths().size(), std::size_t(rows));
        QCOMPARE(summary->counts.databases, std::uint64_t(rows));
        const bool missing = roots.contains(QByteArray("nowhere"));
        QCOMPARE(summary->notEntered.size(), std::size_t(missing ? 1 : 0));
        if (missing)
            QCOMPARE(summary->notEntered[0].systemError, ENOENT);
    }

    void theOnlyRootMustBeThere()
    {
        const TempTree tree;
        Heard heard;
        QCOMPARE(scan::scan(below(tree.path() / "no"), heard).error().code, ErrorCode::NotFound);
        tree.fifo("fifo");
        QCOMPARE(scan::scan(below(tree.path() / "fifo"), heard).error().reason, Reason::NotARegularFile);
    }

    void foldersBeyondPathMaxAreEntered()
    {
        const TempTree tree;
        int folder = ::open(tree.path().c_str(), O_PATH | O_DIRECTORY);
        Path path = tree.path();
        const std::string name(250, 'd');
        while (path.native().size() < 2 * PATH_MAX) {
            QCOMPARE(::mkdirat(folder, name.c_str(), 0700), 0);
            const int next = ::openat(folder, name.c_str(), O_PATH | O_DIRECTORY);
            ::close(folder);
            folder = next;
            path /= name;
        }
        const std::string bytes = database();
        const int file = ::openat(folder, "deep.db", O_WRONLY | O_CREAT, 0600);
        QCOMPARE(::write(file, bytes.data(), bytes.size()), ssize_t(bytes.size()));
        ::close(file);
        ::close(folder);
        Heard heard;
        QVERIFY(scan::scan(below(tree.path()), heard));
        QCOMPARE(heard.paths(), std::set<std::string>{(path / "deep.db").native()});
        // The path leads there again, also as a root.
        Heard again;
        QVERIFY(scan::scan(below(path), again));
        QCOMPARE(again.paths(), heard.paths());
        Heard asFile;
        QVERIFY(scan::scan(below(path / "deep.db"), asFile));
        QCOMPARE(asFile.paths(), heard.paths());
    }

    void fewDescriptorsCostTimeAndNoFolder_data()
    {
        QTest::addColumn<int>("limit");
        QTest::addColumn<int>("threads");
        QTest::newRow("256, as the machine likes") << 256 << 0;
        QTest::newRow("256, eight threads") << 256 << 8;
        QTest::newRow("64, one thread") << 64 << 1;
        QTest::newRow("64, four threads") << 64 << 4;
    }

    /// Without care, each of the 400 levels would keep a folder open.
    void fewDescriptorsCostTimeAndNoFolder()
    {
        QFETCH(int, limit);
        QFETCH(int, threads);
        static const TempTree tree; // made once for all rows
        static const std::size_t databases = makeLadder(tree.path(), 400);
        const std::size_t before = openDescriptors();
        Options options = below(tree.path());
        options.threads = unsigned(threads);
        Heard heard;
        {
            const DescriptorLimit lower{rlim_t(limit)};
            const auto summary = scan::scan(options, heard);
            QVERIFY(summary);
            QVERIFY(summary->notEntered.empty());
            QCOMPARE(summary->counts.folders, std::uint64_t(1 + 3 * 400));
        }
        QCOMPARE(heard.rows.size(), databases);
        QCOMPARE(heard.paths().size(), databases);
        QCOMPARE(openDescriptors(), before);
    }

    void withoutDescriptorsFoldersAreNamed()
    {
        const TempTree tree;
        tree.file("sub/a.db", database());
        std::vector<platform::Descriptor> taken;
        const DescriptorLimit lower(64);
        const Path root = tree.path();
        for (int fd = 0; (fd = ::open("/", O_PATH | O_CLOEXEC)) >= 0;)
            taken.emplace_back(fd);
        Heard heard;
        const auto summary = scan::scan(below(root), heard);
        QVERIFY(!summary); // the only root can't be opened at all
        QCOMPARE(summary.error().systemError, EMFILE);
        taken.pop_back(); // enough for the root, not for what is in it
        taken.pop_back();
        const auto partly = scan::scan(below(root), heard);
        QVERIFY(partly);
        QVERIFY(!heard.rows.empty() || !partly->notEntered.empty());
    }

    void aFolderThatCantBeReadIsAnEntry()
    {
        const TempTree tree;
        std::filesystem::permissions(tree.path(), std::filesystem::perms(0755));
        const Path good = tree.file("good/a.db", database());
        const Path closed = tree.file("closed/a.db", database()).parent_path();
        const Path listOnly = tree.file("list-only/a.db", database()).parent_path();
        const Path file = tree.file("files/secret.db", database());
        for (const Path &path : {good.parent_path(), file.parent_path()})
            std::filesystem::permissions(path, std::filesystem::perms(0755));
        std::filesystem::permissions(good, std::filesystem::perms(0644));
        std::filesystem::permissions(closed, std::filesystem::perms(0000));
        std::filesystem::permissions(listOnly, std::filesystem::perms(0744));
        std::filesystem::permissions(file, std::filesystem::perms(0000));
        const auto check = [&]() -> std::string {
            Heard heard;
            const auto summary = scan::scan(below(tree.path()), heard);
            if (!summary)
                return "an error";
            if (heard.paths() != std::set<std::string>{good.native()})
                return "not the one that can be read";
            std::map<std::string, const NotEntered *> entries;
            for (const NotEntered &entry : summary->notEntered) {
                if (entry.why != WhyNot::NoPermission)
                    return "another reason";
                entries[entry.path.native()] = &entry;
            }
            const bool listed = entries.contains(listOnly.native());
            if (entries.size() != 3 || !listed || !entries.contains(closed.native()) ||
                !entries.contains(file.native()))
                return "not the three entries, but " + std::to_string(entries.size());
            return entries.at(file.native())->isFile && !entries.at(closed.native())->isFile ? "" : "not the kinds";
        };
        QCOMPARE(asNobody(check), std::string());
    }

    void stopsAtOnceAndKeepsWhatWasFound()
    {
        const TempTree tree;
        for (int i = 0; i < 4000; ++i)
            tree.file(std::to_string(i % 200) + "/" + std::to_string(i) + ".db", database());
        Options options = below(tree.path());
        options.threads = 2;
        std::stop_source source;
        QElapsedTimer sinceStop;
        Heard heard;
        heard.onFound = [&] {
            if (!source.stop_requested()) {
                sinceStop.start();
                source.request_stop();
            }
        };
        const auto summary = scan::scan(options, heard, source.get_token());
        QVERIFY(summary);
        QVERIFY2(sinceStop.elapsed() < 200, qPrintable(QString::number(sinceStop.elapsed())));
        QVERIFY(summary->stopped);
        QVERIFY(!heard.rows.empty());
        QVERIFY(heard.rows.size() < 4000);
        QCOMPARE(summary->counts.databases, std::uint64_t(heard.rows.size()));
    }

    void stoppedBeforeItBegins()
    {
        const TempTree tree;
        tree.file("a.db", database());
        std::stop_source source;
        source.request_stop();
        Heard heard;
        const auto summary = scan::scan(below(tree.path()), heard, source.get_token());
        QVERIFY(summary);
        QVERIFY(summary->stopped);
    }

    void theListenerIsCalledOneAtATime()
    {
        const TempTree tree;
        for (int i = 0; i < 1000; ++i)
            tree.file(std::to_string(i % 50) + "/" + std::to_string(i) + ".db", database());
        Options options = below(tree.path());
        options.threads = 8;
        Heard heard;
        const auto summary = scan::scan(options, heard);
        QVERIFY(heard.onlyOneAtATime);
        QCOMPARE(heard.rows.size(), std::size_t(1000));
        QCOMPARE(heard.paths().size(), std::size_t(1000));
        QCOMPARE(heard.last.databases, std::uint64_t(1000)); // the last progress is the whole
        QCOMPARE(summary->counts.folders, std::uint64_t(51));
    }

    void otherFileSystemsAreNamed()
    {
        if (!std::filesystem::exists("/proc/self"))
            QSKIP("NOT TESTED: /proc is not mounted");
        Options options = below("/");
        options.excludes = {"/[!p]*", "/p[!r]*"}; // all but /proc
        for (const bool cross : {false, true}) {
            options.crossFilesystems = cross;
            Heard heard;
            const auto summary = scan::scan(options, heard);
            QVERIFY(summary);
            const auto proc = std::ranges::find(summary->notEntered, Path("/proc"), &NotEntered::path);
            QVERIFY(proc != summary->notEntered.end());
            QCOMPARE(proc->why, WhyNot::PseudoFilesystem);
            QCOMPARE(proc->filesystem, std::string("proc"));
            QVERIFY(summary->counts.folders < 1000);
        }
    }

    void looksWithoutATrace()
    {
        const TempTree tree;
        test::makeDatabase(tree.path() / "a.db", {.journalMode = "wal"});
        test::makeCrashedWal(tree.path() / "b.db");
        test::makeHotJournal(tree.path() / "c.db");
        tree.file("empty.db");
        tree.file("sub/text.txt", "text");
        const test::TreeSnapshot before(tree.path());
        Options options = below(tree.path());
        options.thorough = true;
        Heard heard;
        QVERIFY(scan::scan(options, heard));
        QCOMPARE(heard.rows.size(), std::size_t(4));
        const test::TreeSnapshot after(tree.path());
        QCOMPARE(before.difference(after), std::string());
        if (before.keepsAccessTimes())
            QCOMPARE(before.accessTimeDifference(after), std::string());
    }

    void everyValidEntryOfTheManifest_data()
    {
        QTest::addColumn<bool>("thorough");
        QTest::newRow("by size and name first") << false;
        QTest::newRow("thorough: the damaged ones too") << true;
    }

    void everyValidEntryOfTheManifest()
    {
        QFETCH(bool, thorough);
        LK_NEEDS_SHARED(tool, "tools/make_tree.py");
        (void)tool;
        static const TempTree tree; // made once for both rows
        static const auto root = test::makeTree(tree.path(), 3000, 200);
        if (!root)
            QSKIP("NOT TESTED: the tree of make_tree.py could not be made");
        Options options = below(*root);
        options.thorough = thorough;
        Heard heard;
        const auto summary = scan::scan(options, heard);
        QVERIFY(summary);
        std::set<std::string> reported;
        for (const Found &row : heard.rows) {
            if (row.seen.state == State::Database || row.seen.state == State::Damaged)
                reported.insert(row.path.native());
        }
        QFile manifest(QFile::decodeName((tree.path() / "manifest.json").c_str()));
        QVERIFY(manifest.open(QIODevice::ReadOnly));
        std::size_t valid = 0;
        const QJsonArray entries =
            QJsonDocument::fromJson(manifest.readAll()).object()[QLatin1String("entries")].toArray();
        for (const QJsonValue &value : entries) {
            const QByteArray encoded = value[QLatin1String("path")].toString().toLatin1();
            const std::string path = (*root / QByteArray::fromPercentEncoding(encoded).toStdString()).native();
            const QString kind = value[QLatin1String("class")].toString();
            const bool wanted = kind == QLatin1String("valid") || (thorough && kind == QLatin1String("damaged"));
            const bool mayBe = wanted || kind == QLatin1String("damaged");
            if (wanted != reported.contains(path) && !(mayBe && reported.contains(path)))
                QFAIL(qPrintable(kind + QLatin1String(": ") + QString::fromLatin1(encoded)));
            valid += wanted;
            reported.erase(path);
        }
        QVERIFY(valid >= 200);
        QCOMPARE(reported.size(), std::size_t(0)); // nothing that the manifest doesn't know
    }

private:
    /// Runs \a check where permissions count: as another user, if this is root. On Linux each thread has a user of its
    /// own (setresuid(2), "C library/kernel differences"), which the threads that it starts inherit.
    static std::string asNobody(const std::function<std::string()> &check)
    {
        if (::geteuid() != 0)
            return check();
        constexpr int Nobody = 65534;
        std::string answer = "can't become nobody";
        std::thread([&] {
            if (::syscall(SYS_setgroups, 0, nullptr) == 0 && ::syscall(SYS_setresgid, Nobody, Nobody, Nobody) == 0 &&
                ::syscall(SYS_setresuid, Nobody, Nobody, Nobody) == 0)
                answer = check();
        }).join();
        return answer;
    }
};

QTEST_GUILESS_MAIN(TestScanner)
#include "tst_scanner.moc"
