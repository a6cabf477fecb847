// Which source file uses which, read from the compiled assembly and its symbols: what the compiler resolved, not what a text search
// guesses.

using System.Collections.Immutable;
using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace Crm.Tests.Structure;

/// <summary>The files of one assembly and the files of the same assembly that each of them uses. Paths are relative to the project's
/// folder.</summary>
public sealed class FileGraph
{
    /// <summary>The custom debug information that names the file of a type without a method (ECMA-335 portable PDB, "Type Definition
    /// Documents").</summary>
    static readonly Guid TypeDocuments = new("932E74BC-DBA9-4478-8D46-0F32A7BAB3D3");

    readonly SortedDictionary<string, SortedSet<string>> uses = new(StringComparer.Ordinal);

    readonly SortedDictionary<string, SortedSet<string>> calls = new(StringComparer.Ordinal);

    FileGraph() { }

    /// <summary>Which files call (or refer to) a method of any assembly, by the type's and the method's name:
    /// <c>ApiKey.Allows</c>.</summary>
    public IReadOnlySet<string> CallersOf(string method) => calls.GetValueOrDefault(method) ?? [];

    public IReadOnlyDictionary<string, SortedSet<string>> Uses => uses;

    /// <summary>The same graph between folders: the first folder of each path; files of the project's own folder are left out.</summary>
    public FileGraph Folders()
    {
        var folders = new FileGraph();
        foreach (var (from, all) in uses)
            if (FolderOf(from) is { } folder)
                foreach (var to in all.Append(from))
                    if (FolderOf(to) is { } other)
                        folders.Add(folder, other);
        return folders;
    }

    static string? FolderOf(string file) => file.IndexOf('/') is > 0 and var end ? file[..end] : null;

    /// <summary>Reads the assembly's metadata, code and symbols (a portable PDB beside it).</summary>
    public static FileGraph Of(string assembly)
    {
        using var image = new PEReader(File.OpenRead(assembly));
        using var symbols = MetadataReaderProvider.FromPortablePdbStream(File.OpenRead(Path.ChangeExtension(assembly, ".pdb")));
        return new Reading(image, image.GetMetadataReader(), symbols.GetMetadataReader()).Graph;
    }

    /// <summary>Groups of files that lead back to themselves, the largest first (Tarjan's strongly connected components).</summary>
    public IReadOnlyList<IReadOnlyList<string>> Circles()
    {
        var (index, low, stack, on, found) = (
            new Dictionary<string, int>(),
            new Dictionary<string, int>(),
            new Stack<string>(),
            new HashSet<string>(),
            new List<IReadOnlyList<string>>()
        );
        foreach (var file in uses.Keys)
            if (!index.ContainsKey(file))
                Visit(file);
        return [.. found.OrderByDescending(circle => circle.Count)];

        void Visit(string file)
        {
            index[file] = low[file] = index.Count;
            stack.Push(file);
            on.Add(file);
            foreach (var next in uses.GetValueOrDefault(file) ?? [])
                if (!index.TryGetValue(next, out var at))
                {
                    Visit(next);
                    low[file] = Math.Min(low[file], low[next]);
                }
                else if (on.Contains(next))
                    low[file] = Math.Min(low[file], at);
            if (low[file] != index[file])
                return;
            var circle = new List<string>();
            string member;
            do
            {
                member = stack.Pop();
                on.Remove(member);
                circle.Add(member);
            } while (member != file);
            if (circle.Count > 1)
                found.Add([.. circle.Order(StringComparer.Ordinal)]);
        }
    }

    void Add(string from, string to)
    {
        if (!uses.TryGetValue(from, out var all))
            uses[from] = all = new(StringComparer.Ordinal);
        if (from != to)
            all.Add(to);
    }

    sealed class Reading
    {
        static readonly Dictionary<short, OpCode> Codes = typeof(OpCodes)
            .GetFields()
            .Select(field => (OpCode)field.GetValue(null)!)
            .ToDictionary(code => code.Value);

        readonly MetadataReader metadata,
            pdb;
        readonly Dictionary<TypeDefinitionHandle, string> files = [];
        readonly TypeNames names;
        string root = "";

        public FileGraph Graph { get; } = new();

        public Reading(PEReader image, MetadataReader metadata, MetadataReader pdb)
        {
            (this.metadata, this.pdb) = (metadata, pdb);
            names = new(metadata);
            foreach (var handle in metadata.TypeDefinitions)
                if (DocumentOf(handle) is { } file)
                    files[handle] = file;
            var folders = files.Values.Select(file => Path.GetDirectoryName(file)! + "/").ToList();
            root = folders.Aggregate(CommonStart);
            foreach (var handle in metadata.TypeDefinitions)
                Read(image, handle);
        }

        static string CommonStart(string one, string other)
        {
            var length = one.Zip(other).TakeWhile(pair => pair.First == pair.Second).Count();
            return one[..(one.LastIndexOf('/', Math.Max(0, length - 1)) + 1)];
        }

        /// <summary>Where a type stands: its own document, its methods' first one, or that of the type it is nested in.</summary>
        string? DocumentOf(TypeDefinitionHandle handle)
        {
            foreach (var info in pdb.GetCustomDebugInformation(handle))
                if (pdb.GetGuid(pdb.GetCustomDebugInformation(info).Kind) == TypeDocuments)
                {
                    var blob = pdb.GetBlobReader(pdb.GetCustomDebugInformation(info).Value);
                    return Name(MetadataTokens.DocumentHandle(blob.ReadCompressedInteger()));
                }
            var type = metadata.GetTypeDefinition(handle);
            foreach (var method in type.GetMethods())
                if (DocumentOf(method) is { } file)
                    return file;
            return type.GetDeclaringType() is { IsNil: false } outer ? DocumentOf(outer) : null;
        }

        string? DocumentOf(MethodDefinitionHandle method)
        {
            var debug = pdb.GetMethodDebugInformation(method.ToDebugInformationHandle());
            return debug.Document.IsNil ? null : Name(debug.Document);
        }

        string Name(DocumentHandle handle) => pdb.GetString(pdb.GetDocument(handle).Name).Replace('\\', '/');

        string Short(string file) => file[root.Length..];

        void Read(PEReader image, TypeDefinitionHandle handle)
        {
            if (!files.TryGetValue(handle, out var file) || file.Contains("/obj/"))
                return;
            var type = metadata.GetTypeDefinition(handle);
            Graph.Add(Short(file), Short(file));
            Use(file, type.BaseType);
            foreach (var one in type.GetInterfaceImplementations())
                Use(file, metadata.GetInterfaceImplementation(one).Interface);
            foreach (var one in type.GetGenericParameters())
            foreach (var constraint in metadata.GetGenericParameter(one).GetConstraints())
                Use(file, metadata.GetGenericParameterConstraint(constraint).Type);
            Attributes(file, type.GetCustomAttributes());
            foreach (var one in type.GetFields())
            {
                var field = metadata.GetFieldDefinition(one);
                Use(file, field.DecodeSignature(names, null));
                Attributes(file, field.GetCustomAttributes());
            }
            foreach (var one in type.GetProperties())
                Attributes(file, metadata.GetPropertyDefinition(one).GetCustomAttributes());
            foreach (var one in type.GetMethods())
                Read(image, DocumentOf(one) ?? file, metadata.GetMethodDefinition(one));
        }

        void Read(PEReader image, string file, MethodDefinition method)
        {
            var signature = method.DecodeSignature(names, null);
            Use(file, signature.ReturnType);
            foreach (var one in signature.ParameterTypes)
                Use(file, one);
            Attributes(file, method.GetCustomAttributes());
            foreach (var one in method.GetGenericParameters())
            foreach (var constraint in metadata.GetGenericParameter(one).GetConstraints())
                Use(file, metadata.GetGenericParameterConstraint(constraint).Type);
            if (method.RelativeVirtualAddress == 0)
                return;
            var body = image.GetMethodBody(method.RelativeVirtualAddress);
            if (!body.LocalSignature.IsNil)
                foreach (var local in metadata.GetStandaloneSignature(body.LocalSignature).DecodeLocalSignature(names, null))
                    Use(file, local);
            var code = body.GetILReader();
            while (code.RemainingBytes > 0)
            {
                var first = code.ReadByte();
                var operation = Codes[first == 0xfe ? (short)(0xfe00 | code.ReadByte()) : first];
                switch (operation.OperandType)
                {
                    case OperandType.InlineField or OperandType.InlineMethod or OperandType.InlineTok or OperandType.InlineType:
                        var used = MetadataTokens.EntityHandle(code.ReadInt32());
                        Use(file, used);
                        if (operation.OperandType == OperandType.InlineMethod && NameOf(used) is { } called)
                            (Graph.calls.TryGetValue(called, out var by) ? by : Graph.calls[called] = new(StringComparer.Ordinal)).Add(
                                Short(file)
                            );
                        break;
                    case OperandType.InlineSwitch:
                        var targets = code.ReadInt32();
                        code.Offset += 4 * targets;
                        break;
                    case OperandType.InlineNone:
                        break;
                    case OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar:
                        code.Offset += 1;
                        break;
                    case OperandType.InlineVar:
                        code.Offset += 2;
                        break;
                    case OperandType.InlineI8 or OperandType.InlineR:
                        code.Offset += 8;
                        break;
                    default:
                        code.Offset += 4;
                        break;
                }
            }
        }

        /// <summary>The name of a method's type and its own; null for what has no plain type (an array's, a generic one's).</summary>
        string? NameOf(EntityHandle method)
        {
            switch (method.Kind)
            {
                case HandleKind.MethodDefinition:
                    var own = metadata.GetMethodDefinition((MethodDefinitionHandle)method);
                    return $"{metadata.GetString(metadata.GetTypeDefinition(own.GetDeclaringType()).Name)}.{metadata.GetString(own.Name)}";
                case HandleKind.MemberReference:
                    var other = metadata.GetMemberReference((MemberReferenceHandle)method);
                    return other.Parent.Kind == HandleKind.TypeReference
                        ? $"{metadata.GetString(metadata.GetTypeReference((TypeReferenceHandle)other.Parent).Name)}.{metadata.GetString(other.Name)}"
                        : null;
                default:
                    return null;
            }
        }

        void Attributes(string file, CustomAttributeHandleCollection all)
        {
            foreach (var one in all)
            {
                var attribute = metadata.GetCustomAttribute(one);
                Use(file, attribute.Constructor);
                // What others' attributes are given is nothing of ours.
                if (attribute.Constructor.Kind != HandleKind.MethodDefinition)
                    continue;
                var value = attribute.DecodeValue(names);
                foreach (var argument in value.FixedArguments.Select(a => a.Value).Concat(value.NamedArguments.Select(a => a.Value)))
                    if (argument is ImmutableArray<TypeDefinitionHandle> types)
                        Use(file, types);
            }
        }

        void Use(string file, ImmutableArray<TypeDefinitionHandle> types)
        {
            foreach (var type in types)
                if (files.TryGetValue(type, out var other) && !other.Contains("/obj/"))
                    Graph.Add(Short(file), Short(other));
        }

        void Use(string file, EntityHandle entity)
        {
            switch (entity.Kind)
            {
                case HandleKind.TypeDefinition:
                    Use(file, [(TypeDefinitionHandle)entity]);
                    break;
                case HandleKind.TypeSpecification:
                    Use(file, metadata.GetTypeSpecification((TypeSpecificationHandle)entity).DecodeSignature(names, null));
                    break;
                case HandleKind.MethodDefinition:
                    // A type in several files is used where the method is.
                    if (DocumentOf((MethodDefinitionHandle)entity) is { } document && !document.Contains("/obj/"))
                        Graph.Add(Short(file), Short(document));
                    else
                        Use(file, [metadata.GetMethodDefinition((MethodDefinitionHandle)entity).GetDeclaringType()]);
                    break;
                case HandleKind.FieldDefinition:
                    Use(file, [metadata.GetFieldDefinition((FieldDefinitionHandle)entity).GetDeclaringType()]);
                    break;
                case HandleKind.MemberReference:
                    Use(file, metadata.GetMemberReference((MemberReferenceHandle)entity).Parent);
                    break;
                case HandleKind.MethodSpecification:
                    var specification = metadata.GetMethodSpecification((MethodSpecificationHandle)entity);
                    Use(file, specification.Method);
                    foreach (var argument in specification.DecodeSignature(names, null))
                        Use(file, argument);
                    break;
            }
        }
    }

    /// <summary>Turns a signature into the types of this assembly that it names.</summary>
    sealed class TypeNames(MetadataReader metadata)
        : ISignatureTypeProvider<ImmutableArray<TypeDefinitionHandle>, object?>,
            ICustomAttributeTypeProvider<ImmutableArray<TypeDefinitionHandle>>
    {
        readonly Dictionary<string, TypeDefinitionHandle> byName = metadata
            .TypeDefinitions.Where(handle => metadata.GetTypeDefinition(handle).GetDeclaringType().IsNil)
            .GroupBy(handle => NameOf(metadata, handle))
            .ToDictionary(group => group.Key, group => group.First());

        static string NameOf(MetadataReader metadata, TypeDefinitionHandle handle)
        {
            var type = metadata.GetTypeDefinition(handle);
            return $"{metadata.GetString(type.Namespace)}.{metadata.GetString(type.Name)}";
        }

        public ImmutableArray<TypeDefinitionHandle> GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte kind) =>
            [handle];

        public ImmutableArray<TypeDefinitionHandle> GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte kind) =>
            [];

        public ImmutableArray<TypeDefinitionHandle> GetTypeFromSpecification(
            MetadataReader reader,
            object? context,
            TypeSpecificationHandle handle,
            byte kind
        ) => reader.GetTypeSpecification(handle).DecodeSignature(this, context);

        public ImmutableArray<TypeDefinitionHandle> GetTypeFromSerializedName(string name) =>
            byName.TryGetValue(name.Split(',', '+')[0], out var handle) ? [handle] : [];

        public ImmutableArray<TypeDefinitionHandle> GetGenericInstantiation(
            ImmutableArray<TypeDefinitionHandle> type,
            ImmutableArray<ImmutableArray<TypeDefinitionHandle>> arguments
        ) => [.. type, .. arguments.SelectMany(argument => argument)];

        public ImmutableArray<TypeDefinitionHandle> GetFunctionPointerType(
            MethodSignature<ImmutableArray<TypeDefinitionHandle>> signature
        ) => [.. signature.ReturnType, .. signature.ParameterTypes.SelectMany(parameter => parameter)];

        public ImmutableArray<TypeDefinitionHandle> GetModifiedType(
            ImmutableArray<TypeDefinitionHandle> modifier,
            ImmutableArray<TypeDefinitionHandle> unmodified,
            bool required
        ) => unmodified;

        public ImmutableArray<TypeDefinitionHandle> GetArrayType(ImmutableArray<TypeDefinitionHandle> element, ArrayShape shape) => element;

        public ImmutableArray<TypeDefinitionHandle> GetSZArrayType(ImmutableArray<TypeDefinitionHandle> element) => element;

        public ImmutableArray<TypeDefinitionHandle> GetByReferenceType(ImmutableArray<TypeDefinitionHandle> element) => element;

        public ImmutableArray<TypeDefinitionHandle> GetPointerType(ImmutableArray<TypeDefinitionHandle> element) => element;

        public ImmutableArray<TypeDefinitionHandle> GetPinnedType(ImmutableArray<TypeDefinitionHandle> element) => element;

        public ImmutableArray<TypeDefinitionHandle> GetPrimitiveType(PrimitiveTypeCode code) => [];

        public ImmutableArray<TypeDefinitionHandle> GetGenericMethodParameter(object? context, int index) => [];

        public ImmutableArray<TypeDefinitionHandle> GetGenericTypeParameter(object? context, int index) => [];

        public ImmutableArray<TypeDefinitionHandle> GetSystemType() => [];

        public bool IsSystemType(ImmutableArray<TypeDefinitionHandle> type) => type.IsEmpty;

        /// <summary>The enums that attributes here take are all of 32 bits.</summary>
        public PrimitiveTypeCode GetUnderlyingEnumType(ImmutableArray<TypeDefinitionHandle> type) => PrimitiveTypeCode.Int32;
    }
}
