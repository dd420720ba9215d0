// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/dbbuilder.h"
#include "window/databasepanel.h"
#include "window/operationdialog.h"
#include "windowfixture.h"

#include <QPushButton>
#include <QTabWidget>

#include <atomic>
#include <cstdarg>
#include <cstdio>
#include <dirent.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <mutex>
#include <sys/stat.h>
#include <thread>

using namespace lk;
using namespace lk::test;

// The window must never wait for a disk: every call below that names a file goes through this executable first (its
// symbols win over the C library's), and those of the UI thread on a file of the tree are written down.

static std::thread::id uiThread;
static std::atomic<bool> watching = false;
static std::mutex mutex;
static std::string watchedFolder;        // guarded by mutex
static std::vector<std::string> touched; // guarded by mutex

static void note(const char *call, const char *path)
{
    if (!watching || !path || std::this_thread::get_id() != uiThread)
        return;
    const std::lock_guard lock(mutex);
    if (std::string_view(path).starts_with(watchedFolder))
        touched.push_back(std::string(call) + ' ' + path);
}

template <class Function>
static Function next(const char *name)
{
    return reinterpret_cast<Function>(dlsym(RTLD_NEXT, name));
}

static mode_t modeOf(int flags, va_list arguments)
{
    return (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(arguments, mode_t) : 0;
}

#define INTERPOSE_OPEN(NAME)                                                                                           \
    extern "C" int NAME(const char *path, int flags, ...)                                                              \
    {                                                                                                                  \
        va_list arguments;                                                                                             \
        va_start(arguments, flags);                                                                                    \
        const mode_t mode = modeOf(flags, arguments);                                                                  \
        va_end(arguments);                                                                                             \
        note(#NAME, path);                                                                                             \
        return next<int (*)(const char *, int, ...)>(#NAME)(path, flags, mode);                                        \
    }
#define INTERPOSE_OPENAT(NAME)                                                                                         \
    extern "C" int NAME(int folder, const char *path, int flags, ...)                                                  \
    {                                                                                                                  \
        va_list arguments;                                                                                             \
        va_start(arguments, flags);                                                                                    \
        const mode_t mode = modeOf(flags, arguments);                                                                  \
        va_end(arguments);                                                                                             \
        note(#NAME, path);                                                                                             \
        return next<int (*)(int, const char *, int, ...)>(#NAME)(folder, path, flags, mode);                           \
    }
#define INTERPOSE_STAT(NAME, STRUCT)                                                                                   \
    extern "C" int NAME(const char *path, STRUCT *into)                                                                \
    {                                                                                                                  \
        note(#NAME, path);                                                                                             \
        return next<int (*)(const char *, STRUCT *)>(#NAME)(path, into);                                               \
    }

#define INTERPOSE_FOPEN(NAME)                                                                                          \
    extern "C" FILE *NAME(const char *path, const char *mode)                                                          \
    {                                                                                                                  \
        note(#NAME, path);                                                                                             \
        return next<FILE *(*)(const char *, const char *)>(#NAME)(path, mode);                                         \
    }

INTERPOSE_OPEN(open)
INTERPOSE_OPEN(open64)
INTERPOSE_OPENAT(openat)
INTERPOSE_OPENAT(openat64)
INTERPOSE_FOPEN(fopen)
INTERPOSE_FOPEN(fopen64)
INTERPOSE_STAT(stat, struct stat)
INTERPOSE_STAT(lstat, struct stat)
INTERPOSE_STAT(stat64, struct stat64)
INTERPOSE_STAT(lstat64, struct stat64)

extern "C" int statx(int folder, const char *path, int flags, unsigned mask, struct statx *into)
{
    note("statx", path);
    return next<int (*)(int, const char *, int, unsigned, struct statx *)>("statx")(folder, path, flags, mask, into);
}

extern "C" int access(const char *path, int mode)
{
    note("access", path);
    return next<int (*)(const char *, int)>("access")(path, mode);
}

extern "C" DIR *opendir(const char *path)
{
    note("opendir", path);
    return next<DIR *(*)(const char *)>("opendir")(path);
}

extern "C" char *realpath(const char *path, char *into)
{
    note("realpath", path);
    return next<char *(*)(const char *, char *)>("realpath")(path, into);
}

/// The promise of issue 2, section 4: the UI thread never opens, asks about or reads a person's file.
class tst_UiThread : public QObject
{
    Q_OBJECT

private:
    static void watch(const Path &folder)
    {
        uiThread = std::this_thread::get_id();
        const std::lock_guard lock(mutex);
        watchedFolder = folder.native();
        touched.clear();
        watching = true;
    }
    static QStringList seen()
    {
        const std::lock_guard lock(mutex);
        QStringList all;
        for (const std::string &one : touched)
            all += QString::fromStdString(one);
        return all;
    }

private Q_SLOTS:
    void init() { failOnAnyWarning(); }
    void cleanup() { watching = false; }

    void theWatchSeesWhatThisThreadDoes()
    {
        QTemporaryDir folder;
        const Path file = Path(folder.path().toStdString()) / "a.db";
        writeFile(file, "x");
        watch(folder.path().toStdString());
        QVERIFY(QFile::exists(QString::fromStdString(file.native())));
        QVERIFY(!seen().isEmpty());
        watch(folder.path().toStdString());
        readFile(file);
        QVERIFY(!seen().isEmpty());
    }

    void scanningSelectingActingAndOpeningTouchNothing()
    {
        WindowFixture in;
        for (const char *name : {"a.db", "b.db", "c.db"})
            in.make(name);
        const Path tree = in.tree();
        watch(tree);
        in.window->scan(tree);
        QTRY_VERIFY(!in.window->session().isScanning());
        QCOMPARE(in.table()->model()->rowCount(), 3);
        in.selectRows(0, 0);
        auto *tabs = in.child<QTabWidget>("tabs");
        for (int tab = 0; tab < tabs->count(); ++tab) {
            tabs->setCurrentIndex(tab);
            QTest::qWait(50); // what a tab asks for, it asks for at once
        }
        in.table()->selectAll();
        in.action("operation.check.plain")->trigger();
        QTRY_COMPARE(in.window->jobs().running(), 0);
        in.action("operation.journal.wal")->trigger();
        QTRY_VERIFY(in.dialog<window::OperationDialog>());
        auto *go = in.dialog<window::OperationDialog>()->findChild<QPushButton *>(QStringLiteral("goButton"));
        QTRY_VERIFY(go->isEnabled());
        QTest::mouseClick(go, Qt::LeftButton);
        QTRY_COMPARE(in.window->jobs().running(), 0);
        QTRY_COMPARE(in.window->session().databases().row(0).journal, models::Journal::Wal);
        in.window->session().open({tree / "a.db"});
        QTRY_COMPARE(in.table()->selectionModel()->selectedRows().size(), 1);
        watching = false;
        QCOMPARE(seen(), QStringList());
    }
};

int main(int argc, char **argv)
{
    return runWindowTest<tst_UiThread>(argc, argv);
}
#include "tst_uithread.moc"
