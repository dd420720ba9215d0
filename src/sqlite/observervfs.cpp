// SPDX-License-Identifier: GPL-3.0-or-later
#include "sqlite/observervfs.h"

#include "platform/scratchfile.h"

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstring>
#include <mutex>
#include <new>

namespace lk::sqlite {

/// One open file of the looking glass: what is on the disk (perhaps nothing), and what was written over it here.
struct ObserverFile
{
    sqlite3_file base{}; // SQLite's part: first
    ObserverVfs *vfs = nullptr;
    sqlite3_file *inner = nullptr; ///< of the unix VFS, read-only; null where there is no such file
    Overlay *overlay = nullptr;
    std::unique_ptr<Overlay> ownOverlay; ///< of a temporary file, which has no name
    bool isDatabase = false;
    bool isWal = false;

    std::uint64_t baseSize()
    {
        sqlite3_int64 size = 0;
        if (inner && inner->pMethods->xFileSize(inner, &size) == SQLITE_OK)
            return static_cast<std::uint64_t>(size);
        return 0;
    }

    Result<void> readBase(std::uint64_t offset, std::span<std::byte> into)
    {
        const int code = inner->pMethods->xRead(inner, into.data(), static_cast<int>(into.size()),
                                                static_cast<sqlite3_int64>(offset));
        // Cut short meanwhile by its owner: the missing part reads as zeros, which no checksum and no check accepts.
        if (code != SQLITE_OK && code != SQLITE_IOERR_SHORT_READ) {
            Error error;
            error.code = ErrorCode::Io;
            error.sqliteCode = code;
            return fail(std::move(error));
        }
        return {};
    }

    Overlay::ReadBase baseReader()
    {
        return [this](std::uint64_t offset, std::span<std::byte> into) { return readBase(offset, into); };
    }
};

bool ObserverVfs::mayGoOn() const
{
    if (!m_stop.stop_requested())
        return true;
    // During the tree walk of an integrity check SQLite calls no progress handler, and an interrupt that came before
    // the statement began is forgotten; so the request is passed on from here (safety.md, fact 20).
    if (m_connection)
        sqlite3_interrupt(m_connection);
    return false;
}

namespace {

thread_local bool lookingNow = false;

/// The `open` of the unix VFS for the whole process; only opens made by a looking glass differ.
int openForVfs(const char *path, int flags, int mode)
{
    return lookingNow ? platform::openToLook(path, flags, mode) : platform::openPlainly(path, flags, mode);
}

ObserverFile &of(sqlite3_file *file)
{
    return *reinterpret_cast<ObserverFile *>(file);
}

int sqliteCode(const Error &error)
{
    return error.sqliteCode != 0 ? error.sqliteCode : SQLITE_IOERR;
}

}

struct ObserverMethods
{
    static ObserverVfs &vfs(sqlite3_vfs *vfs) { return *static_cast<ObserverVfs *>(vfs->pAppData); }

    static int close(sqlite3_file *base)
    {
        ObserverFile &file = of(base);
        if (file.inner) {
            file.inner->pMethods->xClose(file.inner);
            sqlite3_free(file.inner);
        }
        file.~ObserverFile();
        return SQLITE_OK;
    }

    static int read(sqlite3_file *base, void *buffer, int amount, sqlite3_int64 offset)
    {
        ObserverFile &file = of(base);
        int code = SQLITE_OK;
        if (file.overlay->untouched()) {
            if (file.inner) {
                code = file.inner->pMethods->xRead(file.inner, buffer, amount, offset);
            } else {
                std::memset(buffer, 0, static_cast<std::size_t>(amount));
                code = SQLITE_IOERR_SHORT_READ;
            }
        } else {
            const std::span into(static_cast<std::byte *>(buffer), static_cast<std::size_t>(amount));
            const Result<std::size_t> count =
                file.overlay->read(static_cast<std::uint64_t>(offset), into, file.baseReader());
            if (!count)
                return sqliteCode(count.error());
            if (*count < into.size()) {
                std::ranges::fill(into.subspan(*count), std::byte{});
                code = SQLITE_IOERR_SHORT_READ;
            }
        }
        if (code == SQLITE_OK && file.vfs->m_watcher) {
            const Bytes bytes(static_cast<const std::byte *>(buffer), static_cast<std::size_t>(amount));
            if (file.isDatabase)
                file.vfs->m_watcher->databaseRead(static_cast<std::uint64_t>(offset), bytes);
            else if (file.isWal)
                file.vfs->m_watcher->walRead(static_cast<std::uint64_t>(offset), bytes);
        }
        // dbstat asks nobody else: without the error it would go on to the last page.
        return file.vfs->mayGoOn() ? code : SQLITE_INTERRUPT;
    }

    static int write(sqlite3_file *base, const void *buffer, int amount, sqlite3_int64 offset)
    {
        ObserverFile &file = of(base);
        if (!file.vfs->mayGoOn())
            return SQLITE_INTERRUPT;
        const Bytes bytes(static_cast<const std::byte *>(buffer), static_cast<std::size_t>(amount));
        const std::uint64_t baseSize = file.overlay->untouched() ? file.baseSize() : 0;
        const Result<void> written =
            file.overlay->write(static_cast<std::uint64_t>(offset), bytes, baseSize, file.baseReader());
        if (written)
            return SQLITE_OK;
        return written.error().code == ErrorCode::NoSpace ? SQLITE_FULL : sqliteCode(written.error());
    }

    static int truncate(sqlite3_file *base, sqlite3_int64 size)
    {
        ObserverFile &file = of(base);
        file.overlay->truncate(static_cast<std::uint64_t>(size), file.overlay->untouched() ? file.baseSize() : 0);
        return SQLITE_OK;
    }

    static int fileSize(sqlite3_file *base, sqlite3_int64 *size)
    {
        ObserverFile &file = of(base);
        if (file.overlay->untouched() && file.inner)
            return file.inner->pMethods->xFileSize(file.inner, size);
        *size = static_cast<sqlite3_int64>(file.overlay->size(0));
        return SQLITE_OK;
    }

    static int sync(sqlite3_file *, int) { return SQLITE_OK; }
    static int lock(sqlite3_file *, int) { return SQLITE_OK; }
    static int checkReservedLock(sqlite3_file *, int *held)
    {
        *held = 0;
        return SQLITE_OK;
    }
    static int fileControl(sqlite3_file *, int, void *) { return SQLITE_NOTFOUND; }
    static int sectorSize(sqlite3_file *) { return 4096; }
    static int deviceCharacteristics(sqlite3_file *) { return SQLITE_IOCAP_POWERSAFE_OVERWRITE; }

    /// The file on the disk, read-only, or null where there is none. Whatever it is, the unix VFS is told that it is a
    /// database: a -wal or -journal it would give, when run as root, the database's owner (fchown), and an empty one
    /// its mode (fchmod), which changes the ctime even of a file that is opened to read.
    static int openInner(ObserverVfs &vfs, sqlite3_filename name, sqlite3_file *&inner)
    {
        inner = static_cast<sqlite3_file *>(sqlite3_malloc(vfs.m_base->szOsFile));
        if (!inner)
            return SQLITE_NOMEM;
        std::memset(inner, 0, static_cast<std::size_t>(vfs.m_base->szOsFile));
        lookingNow = true;
        const int code =
            vfs.m_base->xOpen(vfs.m_base, name, inner, SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_READONLY, nullptr);
        lookingNow = false;
        if (code != SQLITE_OK) {
            sqlite3_free(inner);
            inner = nullptr;
        }
        return code;
    }

    static int open(sqlite3_vfs *base, sqlite3_filename name, sqlite3_file *out, int flags, int *outFlags)
    {
        static const sqlite3_io_methods Methods = methods();
        ObserverVfs &self = vfs(base);
        ObserverFile *file = new (out) ObserverFile;
        file->vfs = &self;
        file->isDatabase = (flags & SQLITE_OPEN_MAIN_DB) != 0;
        file->isWal = (flags & SQLITE_OPEN_WAL) != 0;
        if (!name) {
            file->ownOverlay = std::make_unique<Overlay>();
            file->overlay = file->ownOverlay.get();
        } else {
            // A file that is only mentioned by SQLite, such as the other database of an ATTACH, is not looked at.
            const std::string key(name);
            const bool ours = key.starts_with(self.m_database);
            file->overlay = &self.overlayOf(key);
            if (ours && !self.m_deleted.contains(key)) {
                const int code = openInner(self, name, file->inner);
                if (code != SQLITE_OK && file->isDatabase) {
                    file->~ObserverFile();
                    out->pMethods = nullptr;
                    return code;
                }
            }
            if (!file->inner) {
                self.m_created.insert(key);
                self.m_deleted.erase(key);
            }
        }
        out->pMethods = &Methods;
        if (outFlags)
            *outFlags = flags;
        return SQLITE_OK;
    }

    static int remove(sqlite3_vfs *base, const char *name, int)
    {
        ObserverVfs &self = vfs(base);
        self.overlayOf(name).clear();
        self.m_created.erase(name);
        self.m_deleted.insert(name);
        return SQLITE_OK;
    }

    static int access(sqlite3_vfs *base, const char *name, int flags, int *result)
    {
        ObserverVfs &self = vfs(base);
        if (self.m_deleted.contains(name))
            *result = 0;
        else if (self.m_created.contains(name))
            *result = 1;
        else
            return self.m_base->xAccess(self.m_base, name, flags, result);
        return SQLITE_OK;
    }

    /// The path is absolute and resolved already; the unix VFS would follow /proc/self/fd back to the long one.
    static int fullPathname(sqlite3_vfs *, const char *name, int size, char *out)
    {
        sqlite3_snprintf(size, out, "%s", name);
        return SQLITE_OK;
    }

    static sqlite3_io_methods methods()
    {
        sqlite3_io_methods methods{};
        methods.iVersion = 1; // no shared memory, no memory mapping
        methods.xClose = close;
        methods.xRead = read;
        methods.xWrite = write;
        methods.xTruncate = truncate;
        methods.xSync = sync;
        methods.xFileSize = fileSize;
        methods.xLock = lock;
        methods.xUnlock = lock;
        methods.xCheckReservedLock = checkReservedLock;
        methods.xFileControl = fileControl;
        methods.xSectorSize = sectorSize;
        methods.xDeviceCharacteristics = deviceCharacteristics;
        return methods;
    }

    static int randomness(sqlite3_vfs *base, int size, char *out)
    {
        return vfs(base).m_base->xRandomness(vfs(base).m_base, size, out);
    }
    static int sleep(sqlite3_vfs *base, int microseconds)
    {
        return vfs(base).m_base->xSleep(vfs(base).m_base, microseconds);
    }
    static int currentTime(sqlite3_vfs *base, double *time)
    {
        return vfs(base).m_base->xCurrentTime(vfs(base).m_base, time);
    }
    static int lastError(sqlite3_vfs *base, int size, char *out)
    {
        return vfs(base).m_base->xGetLastError(vfs(base).m_base, size, out);
    }
    static int currentTimeInt64(sqlite3_vfs *base, sqlite3_int64 *time)
    {
        return vfs(base).m_base->xCurrentTimeInt64(vfs(base).m_base, time);
    }
};

ObserverVfs::ObserverVfs(const Path &path, ReadWatcher *watcher, std::stop_token stop)
    : m_database(path.native())
    , m_watcher(watcher)
    , m_stop(std::move(stop))
    , m_base(sqlite3_vfs_find("unix"))
    , m_vfs(std::make_unique<sqlite3_vfs>())
{
    static std::once_flag once;
    std::call_once(
        once, [this] { m_base->xSetSystemCall(m_base, "open", reinterpret_cast<sqlite3_syscall_ptr>(&openForVfs)); });
    static std::atomic<unsigned> number{0};
    m_name = "litekeeper-observer-" + std::to_string(++number);

    // The system takes 4096 bytes; the siblings' suffixes have to fit as well.
    static constexpr std::size_t LongestPath = 4000;
    if (m_database.size() > LongestPath) {
        if (auto parent = platform::Folder::openParent(path)) {
            m_folder = std::make_shared<platform::Folder>(std::move(parent->first));
            m_database = "/proc/self/fd/" + std::to_string(m_folder->descriptor()) + '/' + parent->second;
        }
    }

    m_vfs->iVersion = 2;
    m_vfs->szOsFile = static_cast<int>(sizeof(ObserverFile));
    m_vfs->mxPathname = 4096;
    m_vfs->zName = m_name.c_str();
    m_vfs->pAppData = this;
    m_vfs->xOpen = ObserverMethods::open;
    m_vfs->xDelete = ObserverMethods::remove;
    m_vfs->xAccess = ObserverMethods::access;
    m_vfs->xFullPathname = ObserverMethods::fullPathname;
    m_vfs->xRandomness = ObserverMethods::randomness;
    m_vfs->xSleep = ObserverMethods::sleep;
    m_vfs->xCurrentTime = ObserverMethods::currentTime;
    m_vfs->xGetLastError = ObserverMethods::lastError;
    m_vfs->xCurrentTimeInt64 = ObserverMethods::currentTimeInt64;
    sqlite3_vfs_register(m_vfs.get(), 0);
}

bool ObserverVfs::readUnwatched(sqlite3_file *file, void *buffer, int amount, std::int64_t offset)
{
    sqlite3_file *inner = of(file).inner;
    return inner && inner->pMethods->xRead(inner, buffer, amount, offset) == SQLITE_OK;
}

bool ObserverVfs::seemsCold(sqlite3_file *file, std::int64_t size)
{
    using Clock = std::chrono::steady_clock;
    static constexpr std::int64_t Samples = 16;
    static constexpr std::int64_t SampleSize = 4096;
    // From the cache a page comes in 1 to 5 µs, from the fastest disk in 50 or more.
    static constexpr std::chrono::microseconds SlowRead{25};
    if (size < Samples * SampleSize * 16)
        return false;
    std::array<std::byte, SampleSize> buffer;
    int slow = 0;
    for (std::int64_t i = 0; i < Samples; ++i) {
        const std::int64_t offset = (size / Samples * i + size / Samples / 2) / SampleSize * SampleSize;
        const Clock::time_point start = Clock::now();
        if (!readUnwatched(file, buffer.data(), SampleSize, offset))
            return false;
        slow += Clock::now() - start > SlowRead;
    }
    return slow >= Samples / 4;
}

ObserverVfs::~ObserverVfs()
{
    sqlite3_vfs_unregister(m_vfs.get());
}

}
