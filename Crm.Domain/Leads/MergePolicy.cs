// What a post may do to a lead that is known.

using System.Collections.Immutable;
using System.Security.Cryptography;
using Crm.Domain.Forms;
using Crm.Domain.Resources;
using Crm.Domain.Sites;
using Crm.Domain.Workspaces;

namespace Crm.Domain.Leads;

/// <summary>What a post may do to a known lead. Nothing anonymous ever replaces a value.</summary>
public enum MergePolicy
{
    FillEmpty,
    ProposeAll,
}
