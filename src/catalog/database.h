// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "sqlite/ownlocks.h"

#include <QVariant>

#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>

class QSqlQuery;

namespace lk::catalog {

/// What went wrong with Litekeeper's own memory, and what was made of it; words/ makes the sentence.
struct Notice
{
    enum Kind
    {
        NotOpened, ///< or not written: what is done is not remembered
        Damaged,   ///< it was set aside, and begun anew
        Newer,     ///< of a newer Litekeeper: the same
        NotOurs,   ///< somebody else's database under its name: the same
    };
    Kind kind = NotOpened;
    Path path;     ///< the catalogue, or the name under which the old one was kept
    Error error{}; ///< why it could not be opened
};

/// A row of an answer; valid until the next one.
class Row
{
public:
    explicit Row(const QSqlQuery &query)
        : m_query(query)
    {
    }

    std::int64_t number(int column) const;
    double real(int column) const;
    bool isNull(int column) const;
    std::string text(int column) const; ///< UTF-8
    std::string bytes(int column) const;

private:
    const QSqlQuery &m_query;
};

/// Litekeeper's own database: the only one that is opened through Qt Sql (safety.md, fact 7). It belongs to the thread
/// that opened it. Several processes may have it open at once.
class Database final
{
public:
    /// Makes \a file where it is missing, brings an older one up to date, and sets aside what can't be used: \a notice
    /// says so. Errors: what opening gives, CatalogueNotOpened.
    static Result<Database> open(const Path &file, std::optional<Notice> &notice);
    /// For a catalogue in whose midst damage was met, as \a why says, and that nobody has open in this process.
    static Result<Database> beginAnew(const Path &file, const Error &why, std::optional<Notice> &notice);

    Database(Database &&) noexcept;
    Database &operator=(Database &&) = delete;
    ~Database();

    using Values = std::initializer_list<QVariant>;
    using Take = std::function<void(const Row &)>;
    /// \a sql with \a values for its question marks; \a take for each row.
    Result<void> run(const char *sql, Values values = {}, const Take &take = {});
    /// The same for many rows of values, prepared once. \a next fills in one, and is false when there is none left.
    Result<void> runMany(const char *sql, const std::function<bool(std::vector<QVariant> &values)> &next);
    /// All of \a work or nothing; nobody else writes meanwhile.
    Result<void> transaction(const std::function<Result<void>()> &work);
    /// The id of the row inserted last.
    Result<std::int64_t> lastId();

private:
    struct Private;
    explicit Database(std::unique_ptr<Private> d);
    static Result<Database> connect(const Path &file);
    Result<void> prepare();
    bool isSound();

    std::unique_ptr<Private> m_d;
};

/// How paths and other bytes are bound: as BLOBs.
QVariant blob(std::string_view bytes);

}
