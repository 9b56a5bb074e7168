"""Which readers of the great library may open a stranger's file: five; all others are shut off.

Some of the others follow links into the network or to other files of this machine.
"""

ALLOWED = frozenset({"GPKG", "ESRI Shapefile", "LIBKML", "DXF", "OpenFileGDB"})
OTHERS = (
    "MEM,PCIDSK,PDS4,VICAR,PDF,MBTiles,EEDA,OGCAPI,GDALG,MapInfo File,LVBAG,S57,DGN,"
    "OGR_VRT,CSV,GML,GPX,KML,GeoJSON,GeoJSONSeq,ESRIJSON,TopoJSON,OGR_GMT,SQLite,WAsP,"
    "FlatGeobuf,GeoRSS,VFK,PGDUMP,OSM,GPSBabel,OGR_PDS,WFS,OAPIF,EDIGEO,Idrisi,ODS,XLSX,"
    "Elasticsearch,Carto,AmigoCloud,SXF,Selafin,JML,PLSCENES,CSW,VDV,MVT,NGW,MapML,GTFS,"
    "PMTiles,JSONFG,MiraMonVector,ADBC,AVCBin,AVCE00,AIVector,HTTP"
)
"""All other readers of shapes, by name, as the library wants to be told before it starts."""
