// SPDX-License-Identifier: GPL-3.0-or-later
#include "operations/copy.h"
#include "operations/preflight.h"
#include "operations/verdict.h"

#include "base/text.h"
#include "platform/diskspace.h"
#include "platform/safefile.h"
#include "sqlite/connection.h"

#include <QCryptographicHash>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>

namespace lk::operations {

/// How the time of a job is shared, roughly: the copy, its integrity check, its hash.
static constexpr double CopyShare = 0.2;
static constexpr double CheckShare = 0.8;

/// `places.sqlite` → `places-20261122T133655Z.sqlite`; from the second on in one second `…Z-2.sqlite`.
static Path backupName(const Path &source, std::chrono::system_clock::time_point when, int number)
{
    std::string time =
        text::isoTime(std::chrono::duration_cast<std::chrono::nanoseconds>(when.time_since_epoch()).count());
    std::erase_if(time, [](char c) { return c == '-' || c == ':'; });
    const std::string extension = source.filename().extension().native();
    std::string stem = source.filename().stem().native();
    const std::string suffix = '-' + time + (number > 1 ? '-' + std::to_string(number) : "") + extension;
    // The partial file's and the sidecar's suffixes have to fit into a name's 255 bytes as well.
    stem.resize(std::min(stem.size(), 240 - std::min<std::size_t>(suffix.size(), 240)));
    return stem + suffix;
}

/// Whether backupName() gives such names: they hold a time as `-20261122T133655Z`, perhaps a number, an extension.
static bool isBackupName(std::string_view name)
{
    static constexpr std::string_view Shape = "-ddddddddTddddddZ"; // d: a digit
    for (std::size_t i = 0; i + Shape.size() <= name.size(); ++i) {
        if (std::equal(Shape.begin(), Shape.end(), name.begin() + static_cast<std::ptrdiff_t>(i),
                       [](char shape, char c) { return shape == 'd' ? c >= '0' && c <= '9' : shape == c; }))
            return true;
    }
    return false;
}

static Path sidecarOf(const Path &backup)
{
    return backup.native() + ".json";
}

static Result<void> folderIsThere(const Target &target, const Path &folder)
{
    const Result<Path> resolved = platform::resolve(folder);
    const auto status = resolved ? platform::status(*resolved) : std::unexpected(resolved.error());
    if (folder.empty() || !status || !status->isFolder())
        return fail(ErrorCode::NotFound, Reason::TargetFolderMissing, target.path, {folder.native()});
    if (!platform::isWritableFolder(*resolved))
        return fail(ErrorCode::NoPermission, Reason::FolderNotWritable, target.path, {folder.native()});
    return {};
}

static Report preflightBackup(const Target &target, const Arguments &arguments, JobContext &)
{
    const Result<Preflight> before = preflight(target);
    if (!before)
        return skipped(before.error());
    const Path folder = value(arguments, "to");
    if (const Result<void> there = folderIsThere(target, folder); !there)
        return skipped(there.error());
    if (!before->glance.current || before->glance.current->pageSize == 0)
        return skipped(
            {.code = ErrorCode::Damaged, .path = target.path, .arguments = {}, .detail = "no readable header"});
    const std::uint64_t bytes = std::uint64_t(before->glance.pageCount) * before->glance.current->pageSize;
    const Result<std::uint64_t> free = platform::freeBytes(folder);
    if (free && *free < bytes)
        return skipped({.code = ErrorCode::NoSpace,
                        .reason = Reason::NotEnoughSpace,
                        .path = target.path,
                        .arguments = {std::to_string(bytes), std::to_string(*free), folder.native()},
                        .detail = {}});

    Report report;
    report.fields = {{"bytes", static_cast<std::int64_t>(bytes)}};
    if (before->glance.hotJournal)
        report.notes.push_back({Note::RecoveredState, {}});
    if (before->locked && !before->glance.stored->isWal())
        report.notes.push_back({Note::WriterDelayed, {}});
    return report;
}

/// The first free name for a backup made now, its partial file made with the source's mode and owner.
static Result<std::pair<Path, platform::PartialFile>> makePartial(const Path &source, const platform::FileStatus &like,
                                                                  const Path &folder)
{
    static constexpr int MostInOneSecond = 10000;
    const auto now = std::chrono::system_clock::now();
    for (int number = 1; number < MostInOneSecond; ++number) {
        const Path path = folder / backupName(source, now, number);
        if (platform::status(sidecarOf(path)))
            continue;
        Result<platform::PartialFile> partial = platform::PartialFile::create(path, like);
        if (partial)
            return std::pair(path, std::move(*partial));
        if (partial.error().reason != Reason::TargetExists && partial.error().code != ErrorCode::Busy)
            return std::unexpected(partial.error());
    }
    return fail(ErrorCode::Refused, Reason::TargetExists, source, {folder.native()});
}

static Result<std::string> sha256(const Path &path, JobContext &context)
{
    const Result<platform::FileReader> reader = platform::FileReader::open(path);
    if (!reader)
        return std::unexpected(reader.error());
    QCryptographicHash hash(QCryptographicHash::Sha256);
    std::vector<std::byte> buffer(1 << 20);
    const std::uint64_t size = reader->status().size;
    for (std::uint64_t offset = 0;;) {
        if (context.stop.stop_requested())
            return fail(ErrorCode::Cancelled, path);
        const Result<std::size_t> count = reader->read(offset, buffer);
        if (!count)
            return std::unexpected(count.error());
        if (*count == 0)
            return hash.result().toHex().toStdString();
        hash.addData(QByteArrayView(buffer.data(), static_cast<qsizetype>(*count)));
        offset += *count;
        context.progress.report({.fraction = static_cast<double>(offset) / static_cast<double>(std::max(size, offset)),
                                 .done = offset,
                                 .phase = Phase::Verifying});
    }
}

/// A backup is one only once it has been opened and checked. \a copy is what is checked; a rehearsal has the source
/// alone.
static Result<Verdict> verify(const Path &source, const Path &copy, JobContext &context)
{
    const Result<sqlite::Glance> glance = sqlite::glance(copy);
    if (!glance)
        return std::unexpected(glance.error());
    Result<Verdict> verdict = checkDatabase(copy, *glance, {}, context);
    if (verdict && verdict->kind == Verdict::Damaged)
        return fail(ErrorCode::Damaged, Reason::CopyDamaged, source, {verdict->messages.front()});
    if (verdict && verdict->why)
        return std::unexpected(*verdict->why);
    return verdict;
}

static std::string sidecar(const Path &source, const Report &report)
{
    const auto text = [](std::string_view bytes) { return QString::fromStdString(path::toUtf8(bytes)); };
    QJsonObject object{
        {QStringLiteral("source"), text(source.native())},
        {QStringLiteral("made"), text(std::get<std::string>(*report.field("made")))},
        {QStringLiteral("bytes"), static_cast<qint64>(std::get<std::int64_t>(*report.field("bytes")))},
        {QStringLiteral("pages"), static_cast<qint64>(std::get<std::int64_t>(*report.field("pages")))},
        {QStringLiteral("sha256"), text(std::get<std::string>(*report.field("sha256")))},
        {QStringLiteral("sqlite_version"), QString::fromLatin1(sqlite::libraryVersion())},
        {QStringLiteral("litekeeper_version"), QStringLiteral(LITEKEEPER_VERSION)},
    };
    if (!path::isUtf8(source.native())) {
        const QByteArray bytes(source.native().data(), static_cast<qsizetype>(source.native().size()));
        object.insert(QStringLiteral("source_base64"), QString::fromLatin1(bytes.toBase64()));
    }
    return QJsonDocument(object).toJson(QJsonDocument::Indented).toStdString();
}

static void addMissing(Report &report, const Verdict &verdict)
{
    for (const std::string &missing : verdict.missing)
        report.notes.push_back({Note::MissingExtension, {missing}});
}

static void addNotes(Report &report, const CopyReport &copied, const Verdict &verdict,
                     const platform::PartialFile &file)
{
    if (copied.recovered)
        report.notes.push_back({Note::RecoveredState, {}});
    addMissing(report, verdict);
    if (!file.ownerKept())
        report.notes.push_back({Note::OwnerNotKept, {}});
}

/// Copies, checks, hashes, syncs; only then the backup gets its name. Whatever fails, the partial file goes.
static Result<Report> backUp(const Target &target, const Path &folder, JobContext &context)
{
    const Result<platform::FileStatus> source = platform::status(target.path);
    if (!source)
        return std::unexpected(source.error());
    auto made = makePartial(target.path, *source, folder);
    if (!made)
        return std::unexpected(made.error());
    auto &[path, partial] = *made;

    PartOfProgress copying(context.progress, 0, CopyShare);
    PartOfProgress checking(context.progress, CopyShare, CheckShare);
    PartOfProgress hashing(context.progress, CheckShare, 1);
    JobContext copyContext{context.stop, copying, context.wait};
    const Result<CopyReport> copied = copyDatabase(target, partial.path(), copyContext);
    if (!copied)
        return std::unexpected(copied.error());
    if (const Result<void> synced = partial.sync(); !synced)
        return std::unexpected(synced.error());
    JobContext checkContext{context.stop, checking, context.wait};
    const Result<Verdict> verdict = verify(target.path, partial.path(), checkContext);
    if (!verdict)
        return std::unexpected(verdict.error());
    JobContext hashContext{context.stop, hashing, context.wait};
    const Result<std::string> hash = sha256(partial.path(), hashContext);
    if (!hash)
        return std::unexpected(hash.error());

    Report report;
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    report.fields = {
        {"backup", path.native()},
        {"bytes", static_cast<std::int64_t>(std::uint64_t(copied->pages) * copied->pageSize)},
        {"sha256", *hash},
        {"verified", true},
        {"pages", static_cast<std::int64_t>(copied->pages)},
        {"made", text::isoTime(std::chrono::duration_cast<std::chrono::nanoseconds>(now).count())},
    };
    addNotes(report, *copied, *verdict, partial);
    // The sidecar first: alone it is harmless, while a backup without one would not be found again.
    const std::uint32_t mode = source->mode & 0777;
    Result<void> published = platform::writeWhole(sidecarOf(path), sidecar(target.path, report), mode);
    if (published)
        published = partial.publish();
    if (!published) { // also a sidecar that is there, but whose folder could not be synced
        platform::removeFile(sidecarOf(path));
        return std::unexpected(published.error());
    }
    return report;
}

static Report runBackup(const Target &target, const Arguments &arguments, JobContext &context)
{
    const Report before = preflightBackup(target, arguments, context);
    if (before.status != Status::Done)
        return before;
    const Path given = value(arguments, "to");
    const Result<Path> folder = platform::resolve(given);
    if (!folder)
        return failed(folder.error());
    platform::removeLeftovers(*folder, isBackupName);
    Result<Report> report = backUp(target, *folder, context);
    if (!report) {
        if (report.error().path.empty())
            report.error().path = target.path;
        return failed(report.error());
    }
    return *report;
}

/// Reads and checks all that would be copied. That the copy is what was read, only the real one can prove.
static Report rehearseBackup(const Target &target, const Arguments &arguments, JobContext &context)
{
    Report report = preflightBackup(target, arguments, context);
    if (report.status != Status::Done)
        return report;
    const Result<Verdict> verdict = verify(target.path, target.path, context);
    if (!verdict)
        return failed(verdict.error());
    Result<sqlite::Connection> connection = sqlite::Connection::open(target.path, {.stop = context.stop});
    const auto number = [&](const char *pragma) {
        return connection ? connection->number(pragma) : std::unexpected(connection.error());
    };
    const Result<std::int64_t> pages = number("PRAGMA page_count");
    const Result<std::int64_t> pageSize = number("PRAGMA page_size");
    if (!pages || !pageSize)
        return failed(pages ? pageSize.error() : pages.error());
    report.fields = {{"bytes", *pages * *pageSize}, {"verified", true}, {"pages", *pages}};
    addMissing(report, *verdict);
    return report;
}

extern const Operation backupOperation;
const Operation backupOperation{
    .id = "backup",
    .title = QT_TRANSLATE_NOOP("Operation", "Back up"),
    .summary = QT_TRANSLATE_NOOP("Operation",
                                 "Makes a consistent copy, also while others write, and checks it before it counts."),
    .risk = Risk::WritesNewFile,
    .parameters = {{
        .id = "to",
        .kind = Parameter::Kind::Folder,
        .title = QT_TRANSLATE_NOOP("Operation", "Folder for the backup"),
        .help = QT_TRANSLATE_NOOP("Operation", "the folder that the backup goes to"),
    }},
    .preflight = preflightBackup,
    .rehearse = rehearseBackup,
    .run = runBackup,
};

}
