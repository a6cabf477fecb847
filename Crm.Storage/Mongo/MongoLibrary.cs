// libmongoc as .NET sees it: where the library is found, and the functions of it that are used, under their own names.

using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Crm.Domain.Stores;

namespace Crm.Storage.Mongo;

/// <summary>Version 1 of the library (Debian, Ubuntu) and version 2 have all of these with the same signature. A <c>bson_t*</c> is a <see cref="NativeBson"/>.</summary>
static unsafe partial class MongoLibrary
{
    const string Mongoc = "mongoc",
        Bson = "bson";

    static readonly Dictionary<string, string[]> Files = new()
    {
        [Mongoc] = ["libmongoc-1.0.so.0", "libmongoc2.so.2"],
        [Bson] = ["libbson-1.0.so.0", "libbson2.so.2"],
    };

    static readonly Lazy<string?> Failure = new(Initialize);

    /// <summary>Loads the library once for the process; when it is not there, one sentence says how to get it.</summary>
    public static void Load()
    {
        if (Failure.Value is { } why)
            throw new StoreConfigurationException(
                $"MongoDB needs the library libmongoc, which cannot be loaded ({why}): apt-get install libmongoc-1.0-0."
            );
    }

    static string? Initialize()
    {
        try
        {
            NativeLibrary.SetDllImportResolver(typeof(MongoLibrary).Assembly, Resolve);
            // The library reports failures to its callers as well; what it would print is not for the product's output.
            mongoc_log_set_handler(&Drop, null);
            mongoc_init();
            return null;
        }
        catch (Exception failure) when (failure is DllNotFoundException or EntryPointNotFoundException or BadImageFormatException)
        {
            return failure.Message.Split('\n')[0].TrimEnd('.', ':', ' ');
        }
    }

    static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path)
    {
        if (!Files.TryGetValue(name, out var files))
            return 0;
        foreach (var file in files)
            if (NativeLibrary.TryLoad(file, assembly, path, out var handle))
                return handle;
        throw new DllNotFoundException($"neither {string.Join(" nor ", files)} is there");
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    static void Drop(int level, byte* domain, byte* message, void* data) { }

    [LibraryImport(Mongoc)]
    private static partial void mongoc_init();

    [LibraryImport(Mongoc)]
    private static partial void mongoc_log_set_handler(delegate* unmanaged[Cdecl]<int, byte*, byte*, void*, void> handler, void* data);

    [LibraryImport(Mongoc, StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint mongoc_uri_new_with_error(string uri, NativeError* error);

    [LibraryImport(Mongoc)]
    public static partial nint mongoc_uri_get_database(nint uri);

    [LibraryImport(Mongoc)]
    public static partial void mongoc_uri_destroy(nint uri);

    [LibraryImport(Mongoc)]
    public static partial nint mongoc_client_pool_new_with_error(nint uri, NativeError* error);

    [LibraryImport(Mongoc)]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool mongoc_client_pool_set_error_api(nint pool, int version);

    [LibraryImport(Mongoc)]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool mongoc_client_pool_set_apm_callbacks(nint pool, nint callbacks, void* context);

    [LibraryImport(Mongoc)]
    public static partial nint mongoc_client_pool_pop(nint pool);

    [LibraryImport(Mongoc)]
    public static partial void mongoc_client_pool_push(nint pool, nint client);

    [LibraryImport(Mongoc)]
    public static partial void mongoc_client_pool_destroy(nint pool);

    [LibraryImport(Mongoc)]
    public static partial nint mongoc_apm_callbacks_new();

    [LibraryImport(Mongoc)]
    public static partial void mongoc_apm_callbacks_destroy(nint callbacks);

    [LibraryImport(Mongoc)]
    public static partial void mongoc_apm_set_command_started_cb(nint callbacks, delegate* unmanaged[Cdecl]<nint, void> started);

    [LibraryImport(Mongoc, StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint mongoc_client_get_collection(nint client, string database, string name);

    [LibraryImport(Mongoc)]
    public static partial void mongoc_collection_destroy(nint collection);

    [LibraryImport(Mongoc, StringMarshalling = StringMarshalling.Utf8)]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool mongoc_client_command_simple(
        nint client,
        string database,
        void* command,
        nint readPreference,
        void* reply,
        NativeError* error
    );

    [LibraryImport(Mongoc, StringMarshalling = StringMarshalling.Utf8)]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool mongoc_client_write_command_with_opts(
        nint client,
        string database,
        void* command,
        void* options,
        void* reply,
        NativeError* error
    );

    [LibraryImport(Mongoc)]
    public static partial nint mongoc_collection_find_with_opts(nint collection, void* filter, void* options, nint readPreference);

    [LibraryImport(Mongoc)]
    public static partial nint mongoc_collection_aggregate(nint collection, int flags, void* pipeline, void* options, nint readPreference);

    [LibraryImport(Mongoc)]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool mongoc_cursor_next(nint cursor, void** document);

    [LibraryImport(Mongoc)]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool mongoc_cursor_error_document(nint cursor, NativeError* error, void** document);

    [LibraryImport(Mongoc)]
    public static partial void mongoc_cursor_destroy(nint cursor);

    [LibraryImport(Mongoc)]
    public static partial nint mongoc_collection_create_bulk_operation_with_opts(nint collection, void* options);

    [LibraryImport(Mongoc)]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool mongoc_bulk_operation_insert_with_opts(nint bulk, void* document, void* options, NativeError* error);

    [LibraryImport(Mongoc)]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool mongoc_bulk_operation_replace_one_with_opts(
        nint bulk,
        void* filter,
        void* document,
        void* options,
        NativeError* error
    );

    [LibraryImport(Mongoc)]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool mongoc_bulk_operation_update_one_with_opts(
        nint bulk,
        void* filter,
        void* update,
        void* options,
        NativeError* error
    );

    [LibraryImport(Mongoc)]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool mongoc_bulk_operation_remove_one_with_opts(nint bulk, void* filter, void* options, NativeError* error);

    [LibraryImport(Mongoc)]
    public static partial uint mongoc_bulk_operation_execute(nint bulk, void* reply, NativeError* error);

    [LibraryImport(Mongoc)]
    public static partial void mongoc_bulk_operation_destroy(nint bulk);

    [LibraryImport(Mongoc)]
    public static partial nint mongoc_client_start_session(nint client, void* options, NativeError* error);

    [LibraryImport(Mongoc)]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool mongoc_client_session_append(nint session, void* options, NativeError* error);

    [LibraryImport(Mongoc)]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool mongoc_client_session_start_transaction(nint session, nint options, NativeError* error);

    [LibraryImport(Mongoc)]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool mongoc_client_session_commit_transaction(nint session, void* reply, NativeError* error);

    [LibraryImport(Mongoc)]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool mongoc_client_session_abort_transaction(nint session, NativeError* error);

    [LibraryImport(Mongoc)]
    public static partial void mongoc_client_session_destroy(nint session);

    [LibraryImport(Bson)]
    public static partial void bson_init(void* bson);

    [LibraryImport(Bson)]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool bson_init_static(void* bson, byte* data, nuint length);

    [LibraryImport(Bson)]
    public static partial byte* bson_get_data(void* bson);

    [LibraryImport(Bson)]
    public static partial void bson_destroy(void* bson);
}

/// <summary>bson_error_t: 512 bytes in both versions.</summary>
unsafe struct NativeError
{
    public uint Domain;
    public uint Code;
    public fixed byte Message[504];
}

/// <summary>The memory of one bson_t: 128 bytes that must begin at a multiple of 128.</summary>
sealed unsafe class NativeBson : IDisposable
{
    public void* Pointer { get; private set; } = NativeMemory.AlignedAlloc(128, 128);

    /// <summary>Makes it a view of bytes that stay pinned until the call that reads them is over.</summary>
    public void* View(byte* data, int length) =>
        MongoLibrary.bson_init_static(Pointer, data, (nuint)length) ? Pointer : throw new InvalidOperationException("Not a BSON document.");

    /// <summary>The bytes of a document of the library's own.</summary>
    public static ReadOnlySpan<byte> Bytes(void* bson)
    {
        var data = MongoLibrary.bson_get_data(bson);
        return new(data, *(int*)data);
    }

    public void Dispose()
    {
        NativeMemory.AlignedFree(Pointer);
        Pointer = null;
    }
}
