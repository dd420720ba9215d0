// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/result.h"

#include <cerrno>
#include <cstring>
#include <system_error>

namespace lk {

static ErrorCode codeFor(int systemError)
{
    switch (systemError) {
    case ENOENT:
    case ENOTDIR:
        return ErrorCode::NotFound;
    case EACCES:
    case EPERM:
        return ErrorCode::NoPermission;
    case EROFS:
        return ErrorCode::ReadOnly;
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
        return ErrorCode::NoSpace;
    case ENAMETOOLONG:
    case ENOTSUP:
    case ELOOP:
        return ErrorCode::Unsupported;
    case EBUSY:
    case ETXTBSY:
        return ErrorCode::Busy;
    case EEXIST:
        return ErrorCode::Refused;
    case ESTALE:
        return ErrorCode::Changed;
    default:
        return ErrorCode::Io;
    }
}

Error systemError(int systemError, Path path, const char *what)
{
    Error error;
    error.code = codeFor(systemError);
    error.path = std::move(path);
    error.systemError = systemError;
    error.detail = std::string(what) + ": " + std::error_code(systemError, std::generic_category()).message();
    return error;
}

const char *errorCodeName(ErrorCode code)
{
    switch (code) {
    case ErrorCode::NotFound:
        return "not-found";
    case ErrorCode::NotADatabase:
        return "not-a-database";
    case ErrorCode::Damaged:
        return "damaged";
    case ErrorCode::Encrypted:
        return "encrypted";
    case ErrorCode::Busy:
        return "busy";
    case ErrorCode::ReadOnly:
        return "read-only";
    case ErrorCode::NoPermission:
        return "no-permission";
    case ErrorCode::NoSpace:
        return "no-space";
    case ErrorCode::Io:
        return "io";
    case ErrorCode::Changed:
        return "changed";
    case ErrorCode::Unsupported:
        return "unsupported";
    case ErrorCode::Refused:
        return "refused";
    case ErrorCode::Cancelled:
        return "cancelled";
    case ErrorCode::Internal:
        break;
    }
    return "internal";
}

}
